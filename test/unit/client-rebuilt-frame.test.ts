import { expect, test } from "vitest";
import { formatHex } from "../../src/client/hex.ts";
import { frameOverhead, rebuildFrame } from "../../src/client/rebuilt-frame.ts";

const KEY = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);

// The examples of RFC 6455 section 5.7.
test.each([
  ["received", "81 05 48 65 6c 6c 6f"],
  ["sent", "81 85 37 fa 21 3d 7f 9f 4d 51 58"],
] as const)("PAGE-10: “Hello”, %s, has the frame of the RFC", (direction, bytes) => {
  const frame = rebuildFrame({ direction, type: "text", data: "Hello" }, KEY);
  expect(frame && formatHex(frame)).toBe(bytes);
});

test("PAGE-10: bytes make a binary frame, a close makes a close frame, a note makes none", () => {
  const data = Uint8Array.of(0x03, 0xe8);
  expect(rebuildFrame({ direction: "received", type: "binary", data }, KEY)?.[0]).toBe(0x82);
  expect(rebuildFrame({ direction: "received", type: "close", data }, KEY)?.[0]).toBe(0x88);
  expect(rebuildFrame({ direction: "note", type: "open", data: "Connected" }, KEY)).toBeUndefined();
});

test.each([
  [125, 2],
  [126, 4],
  [65_535, 4],
  [65_536, 10],
])("PAGE-11: around %i received bytes a frame adds %i", (size, overhead) => {
  const frame = rebuildFrame({ direction: "received", type: "binary", data: new Uint8Array(size) }, KEY);
  expect(frame && frameOverhead(frame, { size })).toBe(overhead);
});
