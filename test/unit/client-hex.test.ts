import { expect, test } from "vitest";
import { formatHex, parseHex } from "../../src/client/hex.ts";

const BYTES = Uint8Array.of(0xde, 0xad, 0x00, 0x0f);

test.each(["dead000f", "de ad 00 0f", "DE:AD:00:0F", "0xde, 0xad, 0x00, 0x0f", " de\nad\t00 0f "])(
  "PAGE-03: “%s” is read as bytes",
  (text) => {
    expect(parseHex(text)).toEqual(BYTES);
  },
);

test("PAGE-03: nothing is no bytes", () => {
  expect(parseHex("  ")).toEqual(new Uint8Array());
});

test("PAGE-03: what is not hexadecimal is told", () => {
  expect(parseHex("de ag")).toEqual({ problem: "“g” is not a hexadecimal digit." });
  expect(parseHex("dea")).toEqual({ problem: expect.stringMatching("one digit is missing") });
});

test("PAGE-03: bytes are written as they are read", () => {
  expect(formatHex(BYTES)).toBe("de ad 00 0f");
});
