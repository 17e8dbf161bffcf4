import { setTimeout as delay } from "node:timers/promises";
import { PATIENCE_MS } from "./patience.ts";

const STEP_MS = 5;

/**
 * Waits for a condition.
 *
 * @throws Error that names `what` when it does not come true within `deadline` milliseconds.
 */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  deadline = PATIENCE_MS,
): Promise<void> {
  const end = performance.now() + deadline;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${deadline} ms for ${what}`);
    await delay(STEP_MS);
  }
}
