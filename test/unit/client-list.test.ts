import { expect, test } from "vitest";
import { indexAfterKey } from "../../src/client/list-keys.ts";
import { rowsInSight } from "../../src/client/virtual-list.ts";

test("PAGE-13: only the rows in sight are drawn, and a few beyond", () => {
  expect(rowsInSight(0, 270, 27, 20_000)).toEqual({ first: 0, last: 18 });
  expect(rowsInSight(27_000, 270, 27, 20_000)).toEqual({ first: 992, last: 1018 });
});

test("PAGE-13: no row is drawn that is not there", () => {
  expect(rowsInSight(0, 270, 27, 3)).toEqual({ first: 0, last: 3 });
  expect(rowsInSight(0, 0, 27, 0)).toEqual({ first: 0, last: 0 });
  expect(rowsInSight(540_000, 270, 27, 10)).toEqual({ first: 10, last: 10 });
});

test.each([
  ["ArrowDown", 4, 5],
  ["ArrowDown", 9, 9],
  ["ArrowUp", 4, 3],
  ["ArrowUp", 0, 0],
  ["Home", 4, 0],
  ["End", 4, 9],
  ["PageDown", 2, 9],
  ["ArrowDown", -1, 0],
  ["ArrowLeft", 4, undefined],
  ["x", 4, undefined],
])("PAGE-16: %s in a list of 10 leads from %i to %s", (key, index, expected) => {
  expect(indexAfterKey(key, index, 10)).toBe(expected);
});

test("PAGE-16: in a grid of 16 columns, left and right step by one, up and down by a row", () => {
  expect(indexAfterKey("ArrowRight", 4, 40, 16)).toBe(5);
  expect(indexAfterKey("ArrowLeft", 4, 40, 16)).toBe(3);
  expect(indexAfterKey("ArrowDown", 4, 40, 16)).toBe(20);
  expect(indexAfterKey("ArrowUp", 20, 40, 16)).toBe(4);
});

test("PAGE-16: in an empty list no key moves", () => {
  expect(indexAfterKey("Home", -1, 0)).toBeUndefined();
});
