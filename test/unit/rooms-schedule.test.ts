import fc from "fast-check";
import { expect, test } from "vitest";
import { idleDeadline, isTick, nextIdleCheck, nextTick, seenTolerance } from "../../src/rooms/schedule.ts";

const time = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });
const interval = fc.integer({ min: 100, max: 100_000_000 });

test("TICK-01: the next tick is after now, at most one interval away, and on the grid", () => {
  fc.assert(
    fc.property(time, interval, fc.nat({ max: 1_000_000_000 }), (origin, every, passed) => {
      const now = origin + passed;
      const next = nextTick(origin, every, now);
      return next > now && next <= now + every && isTick(origin, every, next);
    }),
  );
});

test("TICK-01: a clock that went back does not tick before the first interval", () => {
  expect(nextTick(1_000, 100, 500)).toBe(1_100);
});

test("TICK-03: only a time on the grid is a tick, and the origin is none", () => {
  expect([1_000, 1_100, 1_150, 900].map((now) => isTick(1_000, 100, now))).toEqual([
    false,
    true,
    false,
    false,
  ]);
});

test("IDLE-03: whatever was stored, no socket is closed early, and none half as long again after its time", () => {
  fc.assert(
    fc.property(time, interval, fc.double({ min: 0, max: 1, noNaN: true }), (seen, timeout, lag) => {
      const stored = seen - lag * seenTolerance(timeout);
      const deadline = idleDeadline(stored, false, timeout);
      return deadline >= seen + timeout && deadline <= seen + 1.25 * timeout;
    }),
  );
  expect(idleDeadline(1_000, true, 400)).toBe(1_400);
});

test("IDLE-05: idle sockets are looked for at most four times in a timeout", () => {
  expect(nextIdleCheck(1_000, 400, 500)).toBe(1_000);
  expect(nextIdleCheck(1_000, 400, 999)).toBe(1_099);
});
