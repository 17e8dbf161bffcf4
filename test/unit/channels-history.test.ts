import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planHistory, trimPlan } from "../../src/channels/history.ts";
import { ERRORS } from "../../src/codes.ts";

describe("what a history command reads", () => {
  const stream = { offset: 10, epoch: "e" };
  const plan = (limit: number, since?: { offset: number; epoch: string }, reverse = false) =>
    planHistory({ limit, since, reverse }, stream);
  const read = (limit: number, after?: number, before?: number, reverse = false) => ({
    ...{ kind: "read", after, before, limit, reverse },
  });

  test.each([
    [plan(0), { kind: "position" }],
    [plan(0, { offset: 3, epoch: "e" }), { kind: "position" }],
    [plan(-1), read(300)],
    [plan(-5), read(300)],
    [plan(1), read(1)],
    [plan(300), read(300)],
    [plan(301), read(300)],
  ])("CHAN-30: the limit %#", (actual, expected) => {
    expect(actual).toEqual(expected);
  });

  test.each([
    [plan(5, { offset: 3, epoch: "e" }), read(5, 3)],
    [plan(5, { offset: 0, epoch: "" }), read(5, 0)],
    [plan(5, undefined, true), read(5, undefined, undefined, true)],
    [plan(5, { offset: 3, epoch: "e" }, true), read(5, undefined, 3, true)],
  ])("CHAN-31: since is left out, in both directions %#", (actual, expected) => {
    expect(actual).toEqual(expected);
  });

  test("CHAN-32: a position of another stream is error 112", () => {
    const error = { kind: "error", error: ERRORS.unrecoverablePosition };
    expect(plan(5, { offset: 3, epoch: "f" })).toEqual(error);
    expect(plan(0, { offset: 3, epoch: "f" })).toEqual(error);
    expect(plan(5, { offset: 3, epoch: "f" }, true)).toEqual(error);
  });

  test("CHAN-32: nothing is before offset 0, which is error 107", () => {
    expect(plan(5, { offset: 0, epoch: "e" }, true)).toEqual({ kind: "error", error: ERRORS.badRequest });
  });
});

describe("trimming", () => {
  const rows = [
    { first: 1, last: 4, time: 1_000 },
    { first: 5, last: 5, time: 2_000 },
    { first: 6, last: 10, time: 3_000 },
  ];
  const trim = (size: number, ttl: number, now: number) => trimPlan(rows, 10, { size, ttl }, now);

  test.each([
    ["all kept", trim(10, 60, 3_000), { oldest: 1, deleteThrough: 0, nextExpiry: 61_000 }],
    ["a part of a row", trim(9, 60, 3_000), { oldest: 2, deleteThrough: 0, nextExpiry: 61_000 }],
    ["a whole row", trim(6, 60, 3_000), { oldest: 5, deleteThrough: 4, nextExpiry: 62_000 }],
    ["rows and a part", trim(2, 60, 3_000), { oldest: 9, deleteThrough: 5, nextExpiry: 63_000 }],
  ])("CHAN-33: by size, %s", (_name, actual, expected) => {
    expect(actual).toEqual(expected);
  });

  test.each([
    ["a moment before", trim(100, 10, 10_999), { oldest: 1, deleteThrough: 0, nextExpiry: 11_000 }],
    ["a row", trim(100, 10, 11_000), { oldest: 5, deleteThrough: 4, nextExpiry: 12_000 }],
    ["everything", trim(100, 10, 13_000), { oldest: 11, deleteThrough: 10, nextExpiry: undefined }],
  ])("CHAN-34: by age, %s", (_name, actual, expected) => {
    expect(actual).toEqual(expected);
  });

  test("CHAN-34: a row stored after the clock was set back does not go before older ones", () => {
    const shuffled = [
      { first: 1, last: 1, time: 9_000 },
      { first: 2, last: 2, time: 1_000 },
    ];
    expect(trimPlan(shuffled, 2, { size: 10, ttl: 5 }, 10_000)).toMatchObject({
      oldest: 1,
      deleteThrough: 0,
    });
  });

  test("CHAN-33: an empty stream has nothing to trim", () => {
    expect(trimPlan([], 0, { size: 5, ttl: 5 }, 0)).toEqual({
      oldest: 1,
      deleteThrough: 0,
      nextExpiry: undefined,
    });
  });

  const storedRows = fc
    .record({
      begin: fc.integer({ min: 1, max: 50 }),
      runs: fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(20_000)), {
        minLength: 1,
        maxLength: 12,
      }),
    })
    .map(({ begin, runs }) => {
      let next = begin;
      return runs.map(([length, time]) => {
        const first = next;
        next += length;
        return { first, last: next - 1, time };
      });
    });
  const limits = fc.record({
    size: fc.integer({ min: 1, max: 60 }),
    ttl: fc.integer({ min: 1, max: 20 }),
    now: fc.nat(45_000),
  });

  test("CHAN-35: what is left reaches the top without a gap, within size and age", () => {
    fc.assert(
      fc.property(storedRows, limits, (stored, { size, ttl, now }) => {
        const last = stored.at(-1)?.last ?? 0;
        const { oldest, deleteThrough, nextExpiry } = trimPlan(stored, last, { size, ttl }, now);
        const left = stored.filter((row) => row.last > deleteThrough);
        expect(last - oldest + 1).toBeLessThanOrEqual(size);
        expect(left.every((row) => row.last >= oldest)).toBe(true);
        expect(stored.filter((row) => row.last < oldest).every((row) => row.last <= deleteThrough)).toBe(
          true,
        );
        const [head] = left;
        expect(nextExpiry).toBe(head && head.time + ttl * 1000);
        if (head) expect(nextExpiry).toBeGreaterThan(now);
        else expect(oldest).toBe(last + 1);
      }),
      { numRuns: 1_000 },
    );
  });

  test("CHAN-35: nothing goes that is young enough and among the newest", () => {
    fc.assert(
      fc.property(storedRows, limits, (stored, { size, ttl, now }) => {
        const last = stored.at(-1)?.last ?? 0;
        const { oldest } = trimPlan(stored, last, { size, ttl }, now);
        const newest = last - size + 1;
        const young = stored.filter((row) => row.last >= newest && row.time + ttl * 1000 > now);
        for (const row of young) expect(oldest).toBeLessThanOrEqual(Math.max(row.first, newest, 1));
      }),
      { numRuns: 1_000 },
    );
  });

  test("CHAN-35: trimming again at the same time does nothing more", () => {
    fc.assert(
      fc.property(storedRows, limits, (stored, { size, ttl, now }) => {
        const last = stored.at(-1)?.last ?? 0;
        const plan = trimPlan(stored, last, { size, ttl }, now);
        const left = stored.filter((row) => row.last > plan.deleteThrough);
        expect(trimPlan(left, last, { size, ttl }, now)).toEqual({ ...plan, deleteThrough: 0 });
      }),
    );
  });
});
