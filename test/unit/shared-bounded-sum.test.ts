import { expect, test, vi } from "vitest";
import { BoundedSum } from "../../src/shared/bounded-sum.ts";

const LIMIT = 3_200;
/** The part by which a sum may grow unnoticed. */
const STEP = 100;

/** A sum over things, which are added one by one. */
function summed() {
  const things: number[] = [];
  const take = vi.fn(() => things.reduce((all, thing) => all + thing, 0));
  const sum = new BoundedSum(LIMIT, take);
  const add = (thing: number, times = 1) => {
    for (let count = 0; count < times; count += 1) {
      things.push(thing);
      sum.add(thing);
    }
  };
  return { things, take, sum, add };
}

test("HUB-53: a sum is taken only when what was added passes its limit", () => {
  const { take, sum, add } = summed();
  add(1, LIMIT);
  expect([sum.isOver, take.mock.calls.length]).toEqual([false, 0]);
  add(1);
  expect([sum.isOver, take.mock.calls.length]).toEqual([true, 1]);
  add(1, STEP);
  expect(take).toHaveBeenCalledTimes(1);
  add(1);
  expect(take).toHaveBeenCalledTimes(2);
});

test("HUB-53: what has gone is noticed when the sum is taken", () => {
  const { things, take, sum, add } = summed();
  add(1, LIMIT);
  things.splice(0, 1_000);
  add(1);
  expect([sum.isOver, take.mock.calls.length]).toEqual([false, 1]);
  add(1, 1_000);
  expect(sum.isOver).toBe(true);
  things.splice(0);
  expect([sum.retake(), sum.isOver]).toEqual([false, false]);
});
