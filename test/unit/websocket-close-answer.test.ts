import fc from "fast-check";
import { expect, test } from "vitest";
import { answerToClose, checkOwnClose, isSendableCloseCode } from "../../src/websocket/close-answer.ts";

const SENDABLE = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
const NOT_SENDABLE = [0, 1, 999, 1004, 1006, 1012, 1013, 1014, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];

test.each(SENDABLE)("CLOSE-01: %i is answered with itself", (code) => {
  expect(answerToClose(code, "bye")).toEqual({ kind: "close", code, reason: "bye" });
  expect(isSendableCloseCode(code)).toBe(true);
});

test.each(NOT_SENDABLE)("CLOSE-01: %i is answered with 1002", (code) => {
  expect(answerToClose(code, "bye")).toEqual({ kind: "close", code: 1002, reason: "" });
});

test("CLOSE-01: no code is answered with none", () => {
  expect(answerToClose(1005, "")).toEqual({ kind: "empty" });
});

test("CLOSE-01: a reason has 123 bytes", () => {
  expect(answerToClose(1000, "é".repeat(61))).toMatchObject({ code: 1000 });
  expect(answerToClose(1000, "é".repeat(62))).toMatchObject({ code: 1002, reason: "" });
  expect(answerToClose(1000, "x".repeat(123))).toMatchObject({ code: 1000 });
  expect(answerToClose(1000, "x".repeat(124))).toMatchObject({ code: 1002 });
});

test("CLOSE-01: a reason with U+FFFD is answered with 1007", () => {
  expect(answerToClose(1000, "a\uFFFDb")).toEqual({ kind: "close", code: 1007, reason: "" });
});

test("CLOSE-01: whatever a client sends, the answer may be sent", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 65_535 }), fc.string({ unit: "grapheme" }), (code, reason) => {
      const answer = answerToClose(code, reason);
      if (answer.kind !== "close") return code === 1005;
      return isSendableCloseCode(answer.code) && new TextEncoder().encode(answer.reason).length <= 123;
    }),
  );
});

test.each([
  [undefined, undefined],
  [1000, ""],
  [3000, "é".repeat(61)],
  [4999, "bye"],
])("CLOSE-05: a room may close with %s %j", (code, reason) => {
  expect(() => checkOwnClose(code, reason)).not.toThrow();
});

test.each([
  0,
  999,
  1001,
  1005,
  1006,
  1008,
  1011,
  1012,
  1013,
  1014,
  1015,
  1016,
  2000,
  2999,
  5000,
  4000.5,
  Number.NaN,
])("CLOSE-05: a room may not close with %s", (code) => {
  expect(() => checkOwnClose(code, "")).toThrow(RangeError);
});

test("CLOSE-05: a reason needs a code, and has 123 bytes", () => {
  expect(() => checkOwnClose(undefined, "why")).toThrow(RangeError);
  expect(() => checkOwnClose(4000, "é".repeat(62))).toThrow(RangeError);
});
