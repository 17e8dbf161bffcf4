import fc from "fast-check";
import { expect, test } from "vitest";
import { isRoomName, objectName, parseObjectName } from "../../src/rooms/name.ts";

test.each(["a", " ", "a/b", "x".repeat(128), "🦉".repeat(64), "__proto__", "...", "\u200b", "\u2028"])(
  "ROUTE-09: %j is a room name",
  (name) => {
    expect(isRoomName(name)).toBe(true);
  },
);

test.each([
  "",
  ".",
  "..",
  "x".repeat(129),
  "🦉".repeat(65),
  "\n",
  "a\0",
  "\x7f",
  "\x85",
  "\x9f",
  "\ud800",
  "\udc00a",
])("ROUTE-09: %j is no room name", (name) => {
  expect(isRoomName(name)).toBe(false);
});

test("ROUTE-02: no two rooms share an object", () => {
  const kind = fc.stringMatching(/^[\w-]+$/);
  fc.assert(
    fc.property(kind, fc.string(), (kind, room) => {
      expect(parseObjectName(objectName(kind, room))).toEqual({ kind, room });
    }),
  );
});
