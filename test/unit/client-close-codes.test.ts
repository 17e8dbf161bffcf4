import { expect, test } from "vitest";
import { describeCloseCode, findCloseProblem } from "../../src/client/close-codes.ts";

test.each([
  [999, "not used"],
  [1000, "normal closure"],
  [1005, "no status received"],
  [1006, "abnormal closure"],
  [1015, "TLS failure"],
  [1016, "reserved"],
  [2999, "reserved"],
  [3000, "registered"],
  [3999, "registered"],
  [4000, "private use"],
  [4999, "private use"],
  [5000, "invalid"],
  [-1, "invalid"],
])("PAGE-05: close code %i is “%s”", (code, name) => {
  expect(describeCloseCode(code).name).toBe(name);
});

test("PAGE-05: every code from 1000 to 1015 is explained on its own", () => {
  const codes = Array.from({ length: 16 }, (_, index) => 1000 + index);
  const meanings = codes.map((code) => describeCloseCode(code).meaning);
  expect(new Set(meanings).size).toBe(codes.length);
});

test.each([1000, 3000, 3999, 4000, 4999, undefined])("PAGE-06: a browser may close with %s", (code) => {
  expect(findCloseProblem(code, "")).toBeUndefined();
});

test.each([0, 999, 1001, 1005, 1006, 2999, 5000, 3000.5, Number.NaN])(
  "PAGE-06: a browser may not close with %s",
  (code) => {
    expect(findCloseProblem(code, "")).toMatch("1000 and 3000 to 4999");
  },
);

test("PAGE-06: a reason has at most 123 bytes of UTF-8, and needs a code", () => {
  expect(findCloseProblem(1000, "x".repeat(123))).toBeUndefined();
  expect(findCloseProblem(1000, "ü".repeat(62))).toMatch("124 bytes");
  expect(findCloseProblem(undefined, "why")).toMatch("needs a code");
});
