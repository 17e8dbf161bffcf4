import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Outage } from "../../src/client/channels/outage.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function observe(outage: Outage): { isOver: boolean } {
  const seen = { isOver: false };
  void outage.over().then(() => {
    seen.isOver = true;
  });
  return seen;
}

test("PAGE-27: an outage ends after its time, and says how much of it is left", async () => {
  const changed = vi.fn();
  const outage = new Outage(changed);
  outage.begin(4_000);
  const seen = observe(outage);
  await vi.advanceTimersByTimeAsync(3_000);
  expect([seen.isOver, outage.isOn, outage.remaining]).toEqual([false, true, 1_000]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([seen.isOver, outage.isOn, outage.remaining]).toEqual([true, false, 0]);
  expect(changed).toHaveBeenCalledTimes(2);
});

test("PAGE-27: while it is held it does not end, and let go it ends when its time is over", async () => {
  const outage = new Outage(() => undefined);
  outage.hold(true);
  outage.begin(4_000);
  const seen = observe(outage);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([seen.isOver, outage.remaining]).toEqual([false, Number.POSITIVE_INFINITY]);
  outage.hold(false);
  await vi.advanceTimersByTimeAsync(0);
  expect(seen.isOver).toBe(true);
});

test("PAGE-27: it can be ended at once, held or not", async () => {
  const outage = new Outage(() => undefined);
  outage.hold(true);
  outage.begin(4_000);
  const seen = observe(outage);
  outage.end();
  await vi.advanceTimersByTimeAsync(0);
  expect([seen.isOver, outage.isOn]).toEqual([true, false]);
});

test("PAGE-27: without an outage nobody waits", async () => {
  await expect(new Outage(() => undefined).over()).resolves.toBeUndefined();
});
