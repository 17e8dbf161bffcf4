import { setTimeout as wait } from "node:timers/promises";
import { ask, encodeCommands, hubPath } from "../channels.ts";
import { closeSockets, LoadSocket } from "../load.ts";
import { CapacityGateway } from "./gateway.ts";
import type { HeapOfSession, Wake } from "./results.ts";

/** Subscriptions of a session for which the heap is measured. */
const SUBSCRIPTIONS = [1, 8, 32, 128] as const;
const SESSIONS = 500;
const CONNECTING_AT_ONCE = 25;
/** Megabytes of an object. */
const OBJECT_HEAP = 128;
/** Longer than the 10 s after which an object without events sleeps. */
const ASLEEP_MS = 11_500;
const MOST_SLEEPS = 3;

/** Whether each channel has one subscriber, or all sessions are subscribed to the same ones. */
type Sharing = "own" | "shared";

interface Shape {
  readonly subscriptions: number;
  readonly sharing: Sharing;
}

/** What the sessions of the fullest hubs look like when they are woken. */
const WOKEN: readonly Shape[] = [
  { subscriptions: 1, sharing: "shared" },
  { subscriptions: 8, sharing: "own" },
  { subscriptions: 32, sharing: "own" },
  { subscriptions: 128, sharing: "own" },
  { subscriptions: 128, sharing: "shared" },
];

/** Bytes of the heap for each session at the home of its channels, after a collection. */
export async function measureSessions(): Promise<HeapOfSession[]> {
  const gateway = await CapacityGateway.start({ sockets: 2 * SESSIONS });
  const measured: HeapOfSession[] = [];
  for (const subscriptions of [0, ...SUBSCRIPTIONS]) {
    const own = await bytesPerSession(gateway, { subscriptions, sharing: "own" });
    const shared = await bytesPerSession(gateway, { subscriptions, sharing: "shared" });
    measured.push({ subscriptions, own, shared });
  }
  await gateway.stop();
  return measured;
}

async function bytesPerSession(gateway: CapacityGateway, shape: Shape): Promise<number> {
  const { hub, commandsOf } = sceneOf(shape);
  const [first] = await gateway.open(hub, 1);
  if (first === undefined) return Number.NaN;
  await ask(first, commandsOf(0), shape.subscriptions + 1);
  const before = await gateway.usedBytes();
  const sockets = await gateway.open(hub, SESSIONS);
  for (const [index, socket] of sockets.entries())
    await ask(socket, commandsOf(index + 1), shape.subscriptions + 1);
  const after = await gateway.usedBytes();
  await closeSockets([first, ...sockets]);
  return Math.round((after - before) / SESSIONS);
}

/** Bytes of the heap for each socket of a room, after a collection. */
export async function measureRoom(): Promise<number> {
  const gateway = await CapacityGateway.start();
  const [first] = await gateway.openRoom("heap", 1);
  const before = await gateway.usedBytes();
  const sockets = await gateway.openRoom("heap", SESSIONS);
  const after = await gateway.usedBytes();
  await closeSockets([...(first ? [first] : []), ...sockets]);
  await gateway.stop();
  return Math.round((after - before) / SESSIONS);
}

/** Fills hubs as far as they take sessions, in a heap of 128 MB, and wakes them when they have fallen asleep. */
export async function measureWakes(): Promise<Wake[]> {
  const full = await Promise.all(WOKEN.map(() => CapacityGateway.start({ heap: OBJECT_HEAP })));
  const wakes: Wake[] = [];
  for (const [index, shape] of WOKEN.entries()) {
    const gateway = full[index];
    if (gateway) wakes.push(await fillAndWake(gateway, shape));
  }
  return wakes;
}

async function fillAndWake(gateway: CapacityGateway, shape: Shape): Promise<Wake> {
  const { hub } = sceneOf(shape);
  const sockets = await fill(gateway.port, shape);
  const estimated = await gateway.estimatedBytes(hub);
  const rest = await gateway.usedBytes();
  const lives = await gateway.lives(hub);
  let milliseconds = 0;
  const peak = await gateway.peakBytes(async () => {
    for (let sleeps = 0; sleeps < MOST_SLEEPS && (await gateway.lives(hub)) === lives; sleeps += 1) {
      await wait(ASLEEP_MS);
      const start = performance.now();
      await gateway.estimatedBytes(hub);
      milliseconds = Math.round(performance.now() - start);
    }
  });
  if ((await gateway.lives(hub)) === lives) throw new Error("the hub has not slept");
  await closeSockets(sockets);
  await gateway.stop();
  return { ...shape, sessions: sockets.length, estimated, rest, peak: Math.round(peak), milliseconds };
}

/** Opens sessions until the hub sends newcomers on, or refuses subscriptions. */
async function fill(port: number, shape: Shape): Promise<LoadSocket[]> {
  const { hub, commandsOf } = sceneOf(shape);
  const sockets: LoadSocket[] = [];
  for (;;) {
    const batch = Array.from({ length: CONNECTING_AT_ONCE }, () => new LoadSocket(port, hubPath(hub), {}));
    const opened = await Promise.all(
      batch.map(({ opened }) =>
        opened.then(
          () => true,
          () => false,
        ),
      ),
    );
    const taken = batch.filter((_, index) => opened[index]);
    for (const [index, socket] of taken.entries())
      await ask(socket, commandsOf(sockets.length + index), shape.subscriptions + 1);
    sockets.push(...taken);
    if (taken.length < batch.length) return sockets;
  }
}

/** The home of the channels of such sessions, and what each of them asks for. */
function sceneOf({ subscriptions, sharing }: Shape) {
  const key = `live:${sharing}-${subscriptions}`;
  const commandsOf = (client: number) => {
    const owner = sharing === "own" ? client : "all";
    const subscribes = Array.from({ length: subscriptions }, (_, index) => ({
      subscribe: { channel: `${key}/${owner}/${index}` },
    }));
    return encodeCommands({ connect: {} }, ...subscribes);
  };
  return { hub: `home/${key}`, commandsOf };
}
