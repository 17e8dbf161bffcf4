import { expect, test } from "vitest";
import { thaw } from "../fixtures/thaw.ts";

test("STORE-20: times of a frozen fixture move with the clock, in every unit, and nothing else does", () => {
  const frozen =
    "VALUES (1795884380, 1795884380123, '{\"since\":1795884379999123}', 1795884381000000000, 4102444800, 17958843801)";
  expect(thaw(frozen, 1_795_884_380, 1_800_000_000)).toBe(
    "VALUES (1800000000, 1800000000123, '{\"since\":1799999999999123}', 1800000001000000000, 4102444800, 17958843801)",
  );
});
