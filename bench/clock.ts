import { setTimeout as wait } from "node:timers/promises";
import type { Timing } from "./scenario.ts";
import { processorSeconds } from "./usage.ts";

/** What happened while a load was measured. */
export interface Interval {
  /** How much `count` rose in a second. */
  readonly rate: number;
  /** Microseconds of the server's processor time for each unit of `count`. */
  readonly cost: number;
}

/** Lets a load run for its warm-up, then watches how `count` rises. `onStart` is called in between. */
export async function watch(
  pid: number,
  timing: Timing,
  count: () => number,
  onStart: () => void = () => undefined,
): Promise<Interval> {
  await wait(timing.warmUp);
  onStart();
  const before = { count: count(), time: performance.now(), processor: await processorSeconds(pid) };
  await wait(timing.measured);
  const counted = count() - before.count;
  const seconds = (performance.now() - before.time) / 1_000;
  const processor = (await processorSeconds(pid)) - before.processor;
  return { rate: counted / seconds, cost: (processor / counted) * 1_000_000 };
}

/** Waits until `isDone`, and fails when it takes longer than any server may, or than `patience` milliseconds. */
export async function settle(isDone: () => boolean, what: string, patience = 10_000): Promise<void> {
  const deadline = performance.now() + patience;
  while (!isDone()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await wait(5);
  }
}
