import { evictAllDurableObjects, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { nameOf, type RoomOrObject, stubOf } from "./objects.ts";
import { patience } from "./patience.ts";
import { type Keeper, keepers } from "./watch/keepers.ts";
import { setTimeout } from "./watch/originals.ts";
import { quietObject, watchObjects } from "./watch/watch.ts";

/** How `expectSleeps` waits. */
export interface SleepOptions {
  /** Milliseconds that what has begun may still take. Default 1,000. */
  readonly within?: number;
}

/**
 * Puts a room to sleep, as the runtime does after 10 quiet seconds: its memory is gone, its sockets stay. What is under way
 * ends before.
 *
 * @param room Without it, every object sleeps.
 * @throws Error that names what keeps it awake, when it is still awake shortly before the test's timeout.
 * @example
 * await sleep("/rooms/chat/lobby");
 */
export async function sleep(room?: RoomOrObject): Promise<void> {
  if (room === undefined) return evictAllDurableObjects();
  await putToSleep(room, patience());
}

/**
 * Expects that nothing keeps a room awake, and puts it to sleep. It asks the runtime, and only what it names comes from the kit:
 * timers, fetches, `waitUntil`s and WebSockets that were begun in this isolate after the kit was imported.
 *
 * @throws Error that names what was begun and has not ended, with where it was begun, or says "something unknown".
 * @example
 * await expectSleeps("/rooms/chat/lobby");
 */
export async function expectSleeps(room: RoomOrObject, { within = 1_000 }: SleepOptions = {}): Promise<void> {
  await putToSleep(room, within);
}

async function putToSleep(room: RoomOrObject, within: number): Promise<void> {
  await watchObjects();
  const stub = stubOf(room);
  // The runtime evicts what is awake only, and what clients have sent comes first.
  await runInDurableObject(stub, () => {});
  const isAsleep = evict(stub);
  if (await settlesWithin(isAsleep, within)) return;
  // On a busy machine that says nothing yet: one that holds nothing must have come to sleep since.
  await sleepQuietly();
  if (await settlesWithin(isAsleep, 0)) return;
  throw new Error(`${nameOf(room)} stays awake: ${reasonOf(keepers.pending)}`);
}

/** Whether it sleeps in the end: the runtime waits half a minute for what keeps an object awake. */
async function evict(stub: DurableObjectStub): Promise<boolean> {
  try {
    await evictDurableObject(stub);
  } catch (failure) {
    const message = String(failure);
    if (message.includes("active references")) return false;
    // It has fallen asleep since.
    if (!message.includes("not currently running")) throw failure;
  }
  return true;
}

async function sleepQuietly(): Promise<void> {
  const stub = quietObject();
  await runInDurableObject(stub, () => {});
  await evict(stub);
}

function settlesWithin(isAsleep: Promise<boolean>, milliseconds: number): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => void setTimeout(resolve, milliseconds, false));
  return Promise.race([isAsleep, late]);
}

function reasonOf(pending: readonly Keeper[]): string {
  if (pending.length === 0) return "something unknown, none of what the test kit watches is pending";
  return ["pending in this isolate are", ...pending.map(describe)].join("\n");
}

function describe({ name, place }: Keeper): string {
  if (place !== undefined) return `  ${name}, begun at ${place}`;
  return `  ${name}, begun by the gateway for a function of a room's kind, which has not ended`;
}
