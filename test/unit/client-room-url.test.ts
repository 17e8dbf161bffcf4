import { expect, test } from "vitest";
import { mayEcho, readRoomUrl, readSubprotocols, roomUrl } from "../../src/client/room-url.ts";

const ORIGIN = "http://localhost:8080";

test("PAGE-02: without a room name, hello is the visitor's own room and the others are the lobby", () => {
  expect(roomUrl(ORIGIN, { kind: "hello", room: "" })).toBe("ws://localhost:8080/ws");
  expect(roomUrl(ORIGIN, { kind: "echo", room: "" })).toBe("ws://localhost:8080/rooms/echo/lobby");
});

test("PAGE-02: a page served over TLS connects over TLS", () => {
  expect(roomUrl("https://example.com", { kind: "hello", room: "" })).toBe("wss://example.com/ws");
});

test.each(["lobby", "a/b", "ü 日本", "100%", "a?b#c", "'\""])(
  "PAGE-02: room “%s” survives its URL",
  (room) => {
    const choice = { kind: "broadcast", room } as const;
    expect(readRoomUrl(roomUrl(ORIGIN, choice))).toEqual(choice);
  },
);

test.each(["", "nonsense", "ws://x/", "ws://x/rooms/echo/%zz", "ws://x/rooms/echo/a/b"])(
  "PAGE-02: “%s” names no room",
  (url) => {
    expect(readRoomUrl(url)).toBeUndefined();
  },
);

test("PAGE-15: round trips are measured everywhere but in broadcast rooms", () => {
  expect(mayEcho("ws://x/ws")).toBe(true);
  expect(mayEcho("wss://elsewhere.example/any")).toBe(true);
  expect(mayEcho("ws://x/rooms/broadcast/a")).toBe(false);
});

test("PAGE-02: subprotocols are read from a list with commas", () => {
  expect(readSubprotocols("")).toEqual([]);
  expect(readSubprotocols(" echo, ,v2 ")).toEqual(["echo", "v2"]);
});
