import { expect, test } from "vitest";
import { gatewayBase, isOnGateway, pathOnGateway, socketUrl } from "../../src/client/gateway-base.ts";

test.each([
  ["http://localhost:8080/", "http://localhost:8080/"],
  ["http://localhost:8080/?kind=echo&room=a/b#channels", "http://localhost:8080/"],
  ["https://example.com/realtime/", "https://example.com/realtime/"],
  ["https://example.com/realtime/index.html?url=wss://x/y#console", "https://example.com/realtime/"],
  ["https://example.com/a/b%20c/", "https://example.com/a/b%20c/"],
])("PAGE-49: the gateway of the page %s is at %s", (page, base) => {
  expect(gatewayBase(page)).toBe(base);
});

test.each([
  ["ws", "wss://example.com/realtime/ws"],
  [" rooms/echo/a?b=c ", "wss://example.com/realtime/rooms/echo/a?b=c"],
  ["/ws", "wss://example.com/ws"],
  ["http://other.example/x", "ws://other.example/x"],
  ["wss://other.example/x", "wss://other.example/x"],
])("PAGE-49: written on a page below /realtime, “%s” means %s", (text, url) => {
  expect(socketUrl("https://example.com/realtime/", text)).toBe(url);
});

test.each([
  ["wss://example.com/realtime/ws", "ws"],
  ["wss://example.com/realtime/rooms/echo/a?b=c", "rooms/echo/a"],
  ["wss://example.com/realtime/../ws", undefined],
  ["wss://example.com/realtime2/ws", undefined],
  ["wss://example.com/ws", undefined],
  ["ws://example.com/realtime/ws", undefined],
  ["wss://other.example/realtime/ws", undefined],
  ["nonsense", undefined],
])("PAGE-49: on the gateway at /realtime, the path of %s is %s", (url, path) => {
  expect(pathOnGateway("https://example.com/realtime/", url)).toBe(path);
  expect(isOnGateway("https://example.com/realtime/", url)).toBe(path !== undefined);
});
