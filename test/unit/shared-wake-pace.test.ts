import { expect, test } from "vitest";
import {
  afterWake,
  changeOf,
  fullPace,
  hadToWait,
  nextWake,
  type WakeBudget,
  type WakePace,
} from "../../src/shared/wake-pace.ts";

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];
const BUDGET: WakeBudget = { perHour: 3_600, longestWait: HOUR };

/** A job that wants to wake again so many milliseconds after each wake, for a while. */
function run(
  wait: number,
  {
    budget = BUDGET,
    from = 0,
    hours = 1,
    pace = fullPace(budget),
  }: { budget?: WakeBudget; from?: number; hours?: number; pace?: WakePace } = {},
) {
  const wakes: number[] = [];
  const changes: string[] = [];
  let wanted = from;
  for (let now = Math.max(wanted, nextWake(pace, budget)); now < from + hours * HOUR; ) {
    const after = afterWake(pace, budget, wanted, now);
    const change = changeOf(pace, after);
    if (change) changes.push(change);
    wakes.push(now);
    pace = after;
    wanted = now + wait;
    now = Math.max(wanted, nextWake(pace, budget));
  }
  return { wakes, changes, pace };
}

test("BREAK-02: a job within its budget is never slowed", () => {
  expect(run(SECOND, { hours: 24 })).toMatchObject({ changes: [], pace: { slowed: 0 } });
  expect(run(25 * SECOND, { hours: 24, budget: { perHour: 288, longestWait: MINUTE } }).wakes).toHaveLength(
    3_456,
  );
});

test("BREAK-02: a loop has its budget of one hour, then twice the wait each time until the longest, and is told of once", () => {
  const { wakes, changes } = run(1, { hours: 24 });
  expect(changes).toEqual(["slowed"]);
  // Without a breaker: 86,400,000.
  expect(wakes.length).toBeLessThan(BUDGET.perHour + 40);
  const waits = wakes.slice(1).map((time, index) => time - (wakes[index] ?? 0));
  const first = waits.findIndex((wait) => wait > 1);
  expect(waits.slice(first, first + 5)).toEqual([1, 2, 4, 8, 16].map((seconds) => seconds * SECOND));
  expect(waits.at(-1)).toBe(HOUR);
});

test("BREAK-02: a slowed job is never stopped, and what it waits for at most is a limit of its own", () => {
  const { wakes } = run(1, { hours: 24, budget: { perHour: 3_600, longestWait: MINUTE } });
  const late = wakes.filter((time) => time >= 12 * HOUR);
  expect(late.length).toBeGreaterThanOrEqual(719);
  expect(late.length).toBeLessThanOrEqual(721);
});

test("BREAK-02: a job within its budget has not waited, also where it wants its wake in the past", () => {
  const { pace } = run(SECOND);
  expect(hadToWait(pace, BUDGET, 0)).toBe(false);
  expect(hadToWait(run(1).pace, BUDGET, 0)).toBe(true);
});

test("BREAK-03: it goes on as it was when its cause ends, and is told of once", () => {
  const looped = run(1, { hours: 3 });
  const { changes, pace, wakes } = run(5 * MINUTE, { from: 4 * HOUR, hours: 12, pace: looped.pace });
  expect(changes).toEqual(["resumed"]);
  expect(pace.slowed).toBe(0);
  expect(wakes.at(-1)).toBe(16 * HOUR - 5 * MINUTE);
});

test("BREAK-03: a job that hovers at its budget is not slowed and released again and again", () => {
  let pace = run(1, { hours: 1 }).pace;
  const changes: string[] = [];
  // By turns it waits for its time, and wants what it may not have.
  let now = 2 * HOUR;
  for (let step = 0; now < 6 * HOUR; step += 1) {
    const wanted = step % 2 === 0 ? now : nextWake(pace, BUDGET) + 1;
    now = Math.max(wanted, nextWake(pace, BUDGET));
    const after = afterWake(pace, BUDGET, wanted, now);
    const change = changeOf(pace, after);
    if (change) changes.push(change);
    pace = after;
  }
  expect(changes.length).toBeLessThanOrEqual(2 * 8);
});
