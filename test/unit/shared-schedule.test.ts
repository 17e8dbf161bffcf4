import fc from "fast-check";
import { expect, test } from "vitest";
import {
  idleDeadline,
  nextIdleCheck,
  nextTick,
  seenTolerance,
  tickBetween,
} from "../../src/shared/schedule.ts";

const time = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });
const interval = fc.integer({ min: 100, max: 100_000_000 });

test("TICK-01: the next tick is after now, at most one interval away, and on the grid", () => {
  fc.assert(
    fc.property(time, interval, fc.nat({ max: 1_000_000_000 }), (origin, every, passed) => {
      const now = origin + passed;
      const next = nextTick(origin, every, now);
      return next > now && next <= now + every && (next - origin) % every === 0;
    }),
  );
});

test("TICK-01: a clock that went back does not tick before the first interval", () => {
  expect(nextTick(1_000, 100, 500)).toBe(1_100);
});

test("TICK-03: an alarm on the grid is a tick, one beside it is none, and the origin is none", () => {
  expect([1_000, 1_100, 1_150, 900].map((now) => tickBetween(1_000, 100, now - 1, now))).toEqual([
    undefined,
    1_100,
    undefined,
    undefined,
  ]);
});

test("TICK-03: an alarm that runs late is the last tick that it has passed, and the next one is after it", () => {
  const small = fc.integer({ min: 1, max: 50 });
  fc.assert(
    fc.property(fc.nat(20), small, fc.nat(300), fc.nat(120), (origin, every, scheduled, lateness) => {
      const now = scheduled + lateness;
      const passed = Array.from({ length: lateness + 1 }, (_, index) => scheduled + index).filter(
        (moment) => moment > origin && (moment - origin) % every === 0,
      );
      expect(tickBetween(origin, every, scheduled - 1, now)).toBe(passed.at(-1));
      expect(nextTick(origin, every, now)).toBeGreaterThan(passed.at(-1) ?? 0);
    }),
  );
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
