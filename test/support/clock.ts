import { onTestFinished, vi } from "vitest";

const DAY_MS = 86_400_000;

/**
 * Stops the clock for the rest of the running test; it goes on by hand. It stands a day ahead, so that the runtime, whose
 * own clock goes on, runs no alarm by itself, however long the test takes.
 *
 * @param ahead Milliseconds by which it stands ahead instead: what the runtime itself notes has the runtime's own time.
 */
export function stopClock(ahead = DAY_MS): { advance(milliseconds: number): void } {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ahead });
  onTestFinished(() => void vi.useRealTimers());
  return { advance: (milliseconds) => void vi.setSystemTime(Date.now() + milliseconds) };
}
