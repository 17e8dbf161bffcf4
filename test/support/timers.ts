import { onTestFinished, vi } from "vitest";

const LOOK_INTERVAL_MS = 2;
const { setTimeout: original } = globalThis;

/**
 * Lets no timer of the gateway come to its end for the rest of the running test: a call is not given up because the machine
 * is busy. What is returned ends the timers that are set by then.
 */
export function stopTimers(): () => void {
  let expired = 0;
  let isOver = false;
  const wait = (callback: () => void, delay = 0) => {
    if (delay === 0) return original(callback, delay);
    const before = expired;
    // Only the object that has set a timer may call what it is for, so each looks for itself.
    const look = setInterval(() => {
      if (!isOver && expired === before) return;
      clearInterval(look);
      if (!isOver) callback();
    }, LOOK_INTERVAL_MS);
    return look;
  };
  const spy = vi.spyOn(globalThis, "setTimeout").mockImplementation(wait as typeof setTimeout);
  onTestFinished(() => {
    isOver = true;
    spy.mockRestore();
  });
  return () => {
    expired += 1;
  };
}
