import { onTestFinished, vi } from "vitest";

/** Stops the clock for the rest of the running test. It begins at the real time, and goes on by hand. */
export function stopClock(): { advance(milliseconds: number): void } {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  onTestFinished(() => void vi.useRealTimers());
  return { advance: (milliseconds) => void vi.setSystemTime(Date.now() + milliseconds) };
}
