import { PATIENCE_MS } from "./patience.ts";

const STEP_MS = 5;
/** As it was before a test put another one in its place. */
const { setTimeout: original } = globalThis;

/** Lets time pass, in milliseconds. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => void original(resolve, milliseconds));

/**
 * Waits for a condition.
 *
 * @throws Error that names `what` when it does not come true within `deadline` milliseconds.
 */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what = "a condition",
  deadline = PATIENCE_MS,
): Promise<void> {
  const end = performance.now() + deadline;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${deadline} ms for ${what}`);
    await pause(STEP_MS);
  }
}
