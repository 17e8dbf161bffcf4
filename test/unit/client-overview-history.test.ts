import { expect, test } from "vitest";
import { layOutChart } from "../../src/client/chart-shape.ts";
import { History } from "../../src/client/overview/history.ts";

const SLOT = 7_500;

test("PAGE-55: a value holds until another comes, and a slot shows the highest that it had", () => {
  const history = new History();
  history.set(4, 10 * SLOT);
  history.set(9, 10 * SLOT + 1);
  history.set(2, 10 * SLOT + 2);
  expect(history.samples(12 * SLOT)).toEqual([9, 2, 2]);
  history.set(5, 13 * SLOT);
  expect(history.samples(13 * SLOT)).toEqual([9, 2, 2, 5]);
  expect(history.last).toBe(5);
});

test("PAGE-55: what is not known leaves a gap", () => {
  const history = new History();
  history.set(1, 0);
  history.set(undefined, SLOT);
  history.set(3, 3 * SLOT);
  expect(history.samples(3 * SLOT)).toEqual([1, 1, undefined, 3]);
  const shape = layOutChart([1, undefined, 3, 4], 100, 72);
  expect(shape?.line.match(/M/g)).toHaveLength(2);
  expect(shape?.area.match(/Z/g)).toHaveLength(2);
  expect(layOutChart([undefined], 100, 72)).toBeUndefined();
});

test("PAGE-55: 15 minutes are kept, however long the page is open or asleep", () => {
  const history = new History();
  for (let slot = 0; slot < 500; slot += 1) history.set(slot, slot * SLOT);
  expect(history.samples(499 * SLOT)).toHaveLength(120);
  expect(history.samples(499 * SLOT)[0]).toBe(380);
  expect(history.samples(1_000_000 * SLOT)).toEqual(Array.from({ length: 120 }, () => 499));
});

test("PAGE-55: a clock that goes back changes nothing that was noted", () => {
  const history = new History();
  history.set(1, 10 * SLOT);
  history.set(2, 9 * SLOT);
  expect(history.samples(10 * SLOT)).toEqual([2]);
});
