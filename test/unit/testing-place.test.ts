import { expect, test } from "vitest";
import { placeIn } from "../../src/testing/watch/place.ts";

const stackOf = (...frames: string[]) => ["Error", ...frames.map((frame) => `    at ${frame}`)].join("\n");

test("KIT-07: a place is the first line of the stack outside the kit, the gateway and the plugin", () => {
  const folders = ["node_modules/poorwill/", "node_modules/vitest/"];
  const kit = "begin (/app/node_modules/poorwill/dist/testing.js:1:2)";
  const author = "announce (/app/src/chat.ts:12:5)";
  expect(placeIn(stackOf(kit, author, "/app/src/index.ts:1:1"), folders)).toBe(author);
  expect(placeIn(stackOf(kit, "file:///app/src/chat.ts:3:4"), folders)).toBe("file:///app/src/chat.ts:3:4");
  expect(placeIn(stackOf(kit, "tmp/app/node_modules/vitest/dist/run.js:1:1"), folders)).toBeUndefined();
  expect(placeIn("", folders)).toBeUndefined();
});

test("KIT-07: here those are the folders of the kit and of the objects", () => {
  const root = new URL("../../", import.meta.url).pathname;
  const [kit, room] = [
    `f (${root}src/testing/watch/globals.ts:1:1)`,
    `g (${root}durable-objects/room/room.ts:1:1)`,
  ];
  expect(placeIn(stackOf(kit, room, "h (/app/durable-objects/mine.ts:1:1)"))).toBe(
    "h (/app/durable-objects/mine.ts:1:1)",
  );
  expect(placeIn(new Error().stack ?? "")).toContain("testing-place.test.ts");
});
