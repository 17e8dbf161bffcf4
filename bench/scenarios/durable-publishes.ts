import { type Cast, channelOf, closeScene, countLines, openScene, type Scene } from "../channels.ts";
import { settle, watch } from "../clock.ts";
import { readCounts } from "../hub-counts.ts";
import type { LoadSocket } from "../load.ts";
import { type Goal, inTurn, type Round, type Sample, type Scenario } from "../scenario.ts";
import type { RunningTarget } from "../targets.ts";

const PUBLISHERS = 100;
const SUBSCRIBERS = 100;

/** Publishers that each publish again for every acknowledgement, to a channel with history. */
export function durablePublishes(inFlight: number, goals: readonly Goal[]): Scenario {
  return {
    title: `Acknowledged durable publishes, ${PUBLISHERS} × ${SUBSCRIBERS}, ${inFlight} in flight each`,
    metrics: [
      { name: "publishes/s", digits: 0 },
      { name: "deliveries/s", digits: 0 },
      { name: "server µs/publish", digits: 1 },
      { name: "rows/1,000 publishes", digits: 1 },
      { name: "rows/tick", digits: 2 },
    ],
    goals,
    run: (round) => inTurn(round, (target) => sample(target, inFlight, round)),
  };
}

async function sample(target: RunningTarget, inFlight: number, round: Round): Promise<Sample> {
  if (target.channels === undefined) return [];
  const { port } = await target.channels();
  const name = `durable-${inFlight}-${round.number}`;
  const cast: Cast = { publishers: PUBLISHERS, subscribers: SUBSCRIBERS, hasHistory: true, name };
  const scene = await openScene(target, cast);
  if (scene === undefined) return [];
  const home = `home/${channelOf(cast)}`;
  const before = await readCounts(port, home);
  const load = new PublishLoad(scene, inFlight);
  const { rate, cost } = await watch(scene.pid, round.timing, () => load.acknowledged);
  await load.stop();
  const after = await readCounts(port, home);
  await closeScene(scene);
  const rows = after.rows - before.rows;
  const ticks = after.transactions - before.transactions;
  return [rate, rate * scene.copies, cost, (rows / load.acknowledged) * 1_000, rows / ticks];
}

/** Keeps a number of publishes of each publisher in flight. */
export class PublishLoad {
  acknowledged = 0;
  #sent = 0;
  #deliveries = 0;
  readonly #copies: number;
  #isStopped = false;

  constructor({ publishers, subscribers, message, copies }: Scene, inFlight: number) {
    this.#copies = copies;
    for (const subscriber of subscribers) {
      countLines(subscriber, (count) => {
        this.#deliveries += count;
      });
    }
    const messages = Buffer.concat(Array.from({ length: inFlight }, () => message));
    for (const publisher of publishers) this.#start(publisher, messages, message.length, inFlight);
  }

  /** Lets what is in flight arrive. A publish that was refused would be missing among the deliveries. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const isDone = () => this.acknowledged === this.#sent && this.#deliveries === this.#sent * this.#copies;
    await settle(isDone, "every publish was acknowledged and delivered");
  }

  #start(publisher: LoadSocket, messages: Uint8Array, length: number, inFlight: number): void {
    const send = (count: number) => {
      this.#sent += count;
      publisher.send(messages.subarray(0, count * length));
    };
    countLines(publisher, (count) => {
      this.acknowledged += count;
      if (!this.#isStopped) send(count);
    });
    send(inFlight);
  }
}
