import { expect, test } from "vitest";
import { decodeEmulation } from "../../src/protocol/protobuf/emulation.ts";

const field = (number: number, value: Uint8Array | string) => {
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return [number * 8 + 2, bytes.length, ...bytes];
};
const request = (...fields: readonly (readonly number[])[]) => Uint8Array.from(fields.flat());

test("HTTP-23: an EmulationRequest has its node, session and data in any order", () => {
  const bytes = request(field(3, Uint8Array.of(1, 0)), field(2, "s"), field(1, "home/ä"));
  expect(decodeEmulation(bytes)).toMatchObject({ node: "home/ä", session: "s", data: Uint8Array.of(1, 0) });
  expect(decodeEmulation(new Uint8Array())).toMatchObject({ node: "", session: "", data: new Uint8Array() });
});

test("HTTP-23: what it has besides is passed over", () => {
  const unknown = [9 * 8, 1];
  expect(decodeEmulation(request(unknown, field(2, "s"), field(10, "x")))).toMatchObject({ session: "s" });
});

test.each([
  ["one that is cut off", request([10, 5, 1])],
  ["a length without end", request([10, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255])],
  ["a field of another type", request([8, 1])],
  ["a text that is no UTF-8", request(field(1, Uint8Array.of(255)))],
])("HTTP-23: %s is none", (_, bytes) => expect(decodeEmulation(bytes)).toBeUndefined());
