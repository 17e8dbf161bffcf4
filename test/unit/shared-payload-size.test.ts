import fc from "fast-check";
import { expect, test } from "vitest";
import { exceeds, payloadBytes } from "../../src/shared/payload-size.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary", minLength: 200, maxLength: 400 }),
);
const bytesOf = (message: string) => new TextEncoder().encode(message).byteLength;

test("ROOM-10: a text has the bytes of its UTF-8", () => {
  fc.assert(fc.property(text, (message) => payloadBytes(message) === bytesOf(message)));
});

test("ROOM-10: binary has the bytes that are looked at", () => {
  const bytes = new Uint8Array(10);
  expect(payloadBytes(bytes.buffer)).toBe(10);
  expect(payloadBytes(bytes.subarray(2, 5))).toBe(3);
  expect(payloadBytes(new DataView(bytes.buffer, 4))).toBe(6);
});

test("LIMIT-03: a message is over the limit exactly when its bytes are", () => {
  fc.assert(
    fc.property(
      text,
      fc.nat({ max: 1_200 }),
      (message, limit) => exceeds(limit, message) === bytesOf(message) > limit,
    ),
  );
  expect([9, 10].map((limit) => exceeds(limit, new ArrayBuffer(10)))).toEqual([true, false]);
});
