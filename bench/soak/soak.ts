import { setTimeout as wait } from "node:timers/promises";
import { inBatches } from "../batches.ts";
import type { CapacityGateway } from "../capacity/gateway.ts";
import { ask, connect, encodePublish, hubPath } from "../channels.ts";
import { closeSockets } from "../load.ts";
import { Listener, type Tally } from "./listener.ts";

const CHANNEL = "kept:soak";
const HOME = `home/${CHANNEL}`;
const JOINING_AT_ONCE = 25;
/** Publications between two drops, and those that a dropped listener misses. */
const PUBLICATIONS_PER_ROUND = 2;
/** Milliseconds in which everything has arrived after the last publication, on any machine. */
const SETTLING_MS = 60_000;
const LOOK_MS = 20;

export interface SoakPlan {
  /** Listeners at the home of the channel. */
  readonly sockets: number;
  /** Hubs that follow it, and listeners at each of them. */
  readonly hubs: number;
  readonly socketsPerHub: number;
  /** Listeners that lose their connection in each round. */
  readonly drops: number;
  /** Whether there is another round after so many. */
  goesOn(rounds: number): boolean;
  /** Milliseconds from one round to the next at least. */
  readonly roundMs: number;
  /** Called after each round. */
  onRound(): Promise<void>;
}

export interface Soaked extends Tally {
  readonly publications: number;
  readonly drops: number;
}

/** Publishes to listeners that come and go, and counts what each of them misses or gets twice. */
export async function soak(gateway: CapacityGateway, plan: SoakPlan): Promise<Soaked> {
  const tally: Tally = { deliveries: 0, recoveries: 0, lost: 0, repeated: 0 };
  const listeners = listenersOf(gateway.port, plan, tally);
  await joinAll(listeners);
  const publishers = await gateway.open(HOME, 1);
  await connect(publishers);
  const message = encodePublish(CHANNEL);
  let [publications, rounds] = [0, 0];
  const publish = async () => {
    for (const publisher of publishers) await ask(publisher, message, 1);
    publications += 1;
  };
  let away: readonly Listener[] = [];
  for (; plan.goesOn(rounds); rounds += 1) {
    const next = wait(plan.roundMs);
    const dropped = Array.from(
      { length: plan.drops },
      (_, index) => listeners[(rounds * plan.drops + index) % listeners.length],
    );
    await joinAll(away);
    away = dropped.filter((listener) => listener !== undefined);
    for (const listener of away) listener.cut();
    for (let count = 0; count < PUBLICATIONS_PER_ROUND; count += 1) await publish();
    await plan.onRound();
    await next;
  }
  await joinAll(away);
  await settled(listeners, publications);
  for (const { offset } of listeners) tally.lost += publications - offset;
  await Promise.all(listeners.map((listener) => listener.leave()));
  await closeSockets(publishers);
  return { ...tally, publications, drops: rounds * plan.drops };
}

function listenersOf(port: number, { sockets, hubs, socketsPerHub }: SoakPlan, tally: Tally): Listener[] {
  const at = (hub: string, count: number) =>
    Array.from({ length: count }, () => new Listener(port, hubPath(hub), CHANNEL, tally));
  const following = Array.from({ length: hubs }, (_, index) => at(`edge/soak/${index}`, socketsPerHub));
  return [...at(HOME, sockets), ...following.flat()];
}

function joinAll(listeners: readonly Listener[]): Promise<void> {
  return inBatches(listeners, JOINING_AT_ONCE, (listener) => listener.join());
}

/** Waits until everybody has the newest publication, or for as long as it may take. */
async function settled(listeners: readonly Listener[], top: number): Promise<void> {
  const deadline = performance.now() + SETTLING_MS;
  while (performance.now() < deadline && listeners.some(({ offset }) => offset < top)) await wait(LOOK_MS);
}
