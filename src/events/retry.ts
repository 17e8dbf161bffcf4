import { EVENT_LIMITS } from "../shared/limits.ts";

/** Milliseconds to wait after a number of attempts to deliver: each time twice as long. */
export function delayAfter(attempts: number): number {
  return Math.min(EVENT_LIMITS.longestRetry, EVENT_LIMITS.firstRetry * 2 ** Math.min(attempts - 1, 20));
}
