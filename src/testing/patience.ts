import { TestRunner } from "vitest";
import { now } from "./watch/originals.ts";

/** Of the time that a test has: what has not come by then is named, before vitest ends the test. */
const SHARE = 5 / 6;
/** Outside a test, in milliseconds. */
const OUTSIDE = 5_000;

/** Milliseconds from now on, after which something that is waited for is given up. */
export function patience(): number {
  const test = TestRunner.getCurrentTest();
  if (test?.result?.startTime === undefined) return OUTSIDE;
  return Math.max(0, test.result.startTime + SHARE * test.timeout - now());
}
