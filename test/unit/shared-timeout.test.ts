import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TimedOut, withTimeout } from "../../src/shared/timeout.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("work that ends in time gives its result, or fails as it fails, and leaves no timer behind", async () => {
  expect(await withTimeout(Promise.resolve("done"), 100)).toBe("done");
  await expect(withTimeout(Promise.reject(new RangeError("wrong")), 100)).rejects.toThrow(RangeError);
  expect(vi.getTimerCount()).toBe(0);
});

test("work that does not end in time is given up", async () => {
  const { promise, reject } = Promise.withResolvers<void>();
  const waiting = expect(withTimeout(promise, 100)).rejects.toThrow(TimedOut);
  vi.advanceTimersByTime(100);
  await waiting;
  // Nobody waits for it any more: its failure is no unhandled rejection.
  reject(new Error("too late"));
});
