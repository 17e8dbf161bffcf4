import fc from "fast-check";
import { expect, test } from "vitest";
import { TokenBucket } from "../../src/shared/token-bucket.ts";

test("LIMIT-06: a bucket is full at first, and fills with time up to its burst", () => {
  const bucket = new TokenBucket({ perSecond: 2, burst: 3 }, 0);
  expect([0, 0, 0, 0].map((now) => bucket.take(now))).toEqual([true, true, true, false]);
  expect([499, 500, 500].map((now) => bucket.take(now))).toEqual([false, true, false]);
  expect([1e9, 1e9, 1e9, 1e9].map((now) => bucket.take(now))).toEqual([true, true, true, false]);
});

test("LIMIT-06: a clock that is set back takes nothing away, and time goes on from there", () => {
  const bucket = new TokenBucket({ perSecond: 1, burst: 3 }, 1e9);
  expect([1e9, 0, 0, 0].map((now) => bucket.take(now))).toEqual([true, true, true, false]);
  expect(bucket.take(1_000)).toBe(true);
});

test("LIMIT-06: a slow rate adds up", () => {
  const bucket = new TokenBucket({ perSecond: 0.1, burst: 1 }, 0);
  expect(bucket.take(0)).toBe(true);
  const taken = Array.from({ length: 20 }, (_, second) => bucket.take((second + 1) * 1_000));
  expect(taken.filter(Boolean)).toHaveLength(2);
});

test("LIMIT-06: no span of time lets through more than the burst and what the rate adds", () => {
  const limit = fc.record({
    perSecond: fc.integer({ min: 1, max: 100 }),
    burst: fc.integer({ min: 1, max: 50 }),
  });
  fc.assert(
    fc.property(limit, fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 300 }), (rate, pauses) => {
      const bucket = new TokenBucket(rate, 0);
      let now = 0;
      let taken = 0;
      for (const pause of pauses) {
        now += pause;
        if (bucket.take(now)) taken += 1;
      }
      return taken <= rate.burst + (now / 1_000) * rate.perSecond + 1e-6;
    }),
  );
});
