import { expect, test } from "vitest";
import { isOver, readExpiry } from "../../src/shared/expiry.ts";

test.each([
  ["a millisecond before", 999_999, false],
  ["in that moment", 1_000_000, true],
  ["later", 1_000_001, true],
])("what ends at a time is over from that moment on: %s", (_, now, expected) => {
  expect(isOver(1_000, now)).toBe(expected);
});

test("what has no end is never over, and an end at 0 has always been", () => {
  expect(isOver(undefined, Number.MAX_SAFE_INTEGER)).toBe(false);
  expect(isOver(0, 0)).toBe(true);
});

test.each([
  [undefined, undefined],
  [null, undefined],
  [0, undefined],
  [1_795_440_000, 1_795_440_000],
  [1_795_440_000.9, 1_795_440_000],
])("an expiry written as %s is %s", (written, expected) => {
  expect(readExpiry(written)).toBe(expected);
});
