import { expect, test } from "vitest";
import { mayEcho, readRoomUrl, readSubprotocols, roomUrl } from "../../src/client/room-url.ts";

const BASE = "http://localhost:8080/";
const PREFIXED = "https://example.com/realtime/";

test("PAGE-02: without a room name, hello is the visitor's own room and the others are the lobby", () => {
  expect(roomUrl(BASE, { kind: "hello", room: "" })).toBe("ws://localhost:8080/ws");
  expect(roomUrl(BASE, { kind: "echo", room: "" })).toBe("ws://localhost:8080/rooms/echo/lobby");
});

test("PAGE-49: below a prefix, rooms are below it too", () => {
  expect(roomUrl(PREFIXED, { kind: "hello", room: "" })).toBe("wss://example.com/realtime/ws");
  expect(roomUrl(PREFIXED, { kind: "echo", room: "a" })).toBe("wss://example.com/realtime/rooms/echo/a");
  expect(readRoomUrl(PREFIXED, "wss://example.com/ws")).toBeUndefined();
});

test("PAGE-02: a page served over TLS connects over TLS", () => {
  expect(roomUrl("https://example.com/", { kind: "hello", room: "" })).toBe("wss://example.com/ws");
});

test.each(["lobby", "a/b", "ü 日本", "100%", "a?b#c", "'\""])(
  "PAGE-02: room “%s” survives its URL",
  (room) => {
    const choice = { kind: "broadcast", room } as const;
    for (const base of [BASE, PREFIXED]) expect(readRoomUrl(base, roomUrl(base, choice))).toEqual(choice);
  },
);

test.each([
  "",
  "nonsense",
  "ws://localhost:8080/",
  "ws://localhost:8080/rooms/echo/%zz",
  "ws://localhost:8080/rooms/echo/a/b",
  "wss://elsewhere.example/ws",
])("PAGE-02: “%s” names no room", (url) => {
  expect(readRoomUrl(BASE, url)).toBeUndefined();
});

test("PAGE-15: round trips are measured everywhere but in broadcast rooms", () => {
  expect(mayEcho(BASE, "ws://localhost:8080/ws")).toBe(true);
  expect(mayEcho(BASE, "wss://elsewhere.example/any")).toBe(true);
  expect(mayEcho(BASE, "ws://localhost:8080/rooms/broadcast/a")).toBe(false);
});

test("PAGE-02: subprotocols are read from a list with commas", () => {
  expect(readSubprotocols("")).toEqual([]);
  expect(readSubprotocols(" echo, ,v2 ")).toEqual(["echo", "v2"]);
});
