import { type MockInstance, onTestFinished, vi } from "vitest";

/** Keeps the log of the running test to itself, and returns what was written, line by line. */
export function captureLines(): () => Record<string, unknown>[] {
  const written: MockInstance<typeof console.log> = vi.spyOn(console, "log").mockImplementation(() => {});
  onTestFinished(() => written.mockRestore());
  return () => written.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
}

/** Keeps the error log of the running test to itself, and returns what was written, line by line. */
export function captureErrors(): () => Record<string, unknown>[] {
  const written: MockInstance<typeof console.error> = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => written.mockRestore());
  return () => written.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
}
