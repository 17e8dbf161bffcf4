import fc from "fast-check";
import { expect, test } from "vitest";
import type { RoomOptions } from "../../src/rooms/handler.ts";
import { chooseProtocol, resolveOptions } from "../../src/rooms/options.ts";
import { ROOM_LIMITS } from "../../src/shared/limits.ts";

const message = () => {};
const tick = () => {};

test("LIMIT-13: what a kind leaves out has the default of ROOM_LIMITS", () => {
  expect(resolveOptions({ message })).toEqual({
    maxPayloadLength: ROOM_LIMITS.maxPayloadLength,
    backpressureLimit: ROOM_LIMITS.backpressureLimit,
    closeOnBackpressureLimit: false,
    protocols: [],
    rateLimit: { perSecond: ROOM_LIMITS.messagesPerSecond, burst: ROOM_LIMITS.messageBurst },
    byteRate: { perSecond: ROOM_LIMITS.bytesPerSecond, burst: ROOM_LIMITS.byteBurst },
    maxSockets: ROOM_LIMITS.sockets,
    idleTimeout: 0,
    tickInterval: 0,
    alarmsPerHour: ROOM_LIMITS.alarmsPerHour,
    maxRequestBody: ROOM_LIMITS.requestBody,
    heartbeat: undefined,
    stream: false,
  });
});

test("LIMIT-13: times are in milliseconds once resolved, and an interval without a tick is none", () => {
  expect(resolveOptions({ message, idleTimeout: 1.5 }).idleTimeout).toBe(1_500);
  expect(resolveOptions({ message, tickInterval: 5_000 }).tickInterval).toBe(0);
  expect(resolveOptions({ message, tick, tickInterval: 5_000 }).tickInterval).toBe(5_000);
});

test("LIMIT-16: request and response of a heartbeat have 1 to 2,048 bytes", () => {
  const longest = "x".repeat(ROOM_LIMITS.heartbeatSize);
  expect(resolveOptions({ message, heartbeat: { request: "p", response: longest } }).heartbeat).toBeDefined();
  for (const wrong of ["", `${longest}x`, `é${longest.slice(1)}`, "\ud800", 7 as unknown as string]) {
    expect(() => resolveOptions({ message, heartbeat: { request: wrong, response: "p" } })).toThrow(
      "request",
    );
    expect(() => resolveOptions({ message, heartbeat: { request: "p", response: wrong } })).toThrow(
      "response",
    );
  }
});

test("LIMIT-11: a room ticks every 100 ms at most", () => {
  expect(resolveOptions({ message, tick, tickInterval: ROOM_LIMITS.minTickInterval }).tickInterval).toBe(100);
  for (const tickInterval of [99, 0, -1, Number.NaN, Number.POSITIVE_INFINITY, 100.5]) {
    expect(() => resolveOptions({ message, tick, tickInterval })).toThrow(RangeError);
  }
  expect(() => resolveOptions({ message, tick })).toThrow("tickInterval");
});

test.each<RoomOptions>([
  { maxPayloadLength: -1 },
  { maxPayloadLength: Number.NaN },
  { backpressureLimit: 0 },
  { maxSockets: 0 },
  { alarmsPerHour: 0 },
  { maxRequestBody: -1 },
  { idleTimeout: -1 },
  { idleTimeout: Number.POSITIVE_INFINITY },
  { rateLimit: { perSecond: 1, burst: 0 } },
  { rateLimit: { perSecond: -1, burst: 1 } },
  { byteRate: { perSecond: -1, burst: ROOM_LIMITS.byteBurst } },
  { byteRate: { perSecond: 1, burst: ROOM_LIMITS.maxPayloadLength - 1 } },
])("LIMIT-13: %j cannot work", (options) => {
  expect(() => resolveOptions({ message, ...options })).toThrow(RangeError);
});

test("ROOM-08: the first subprotocol of the client that the kind speaks is chosen", () => {
  expect(chooseProtocol("a, b", ["b", "a"])).toBe("a");
  expect(chooseProtocol(" x ,\tb,a", ["b", "a"])).toBe("b");
  expect(chooseProtocol("A", ["a"])).toBe("");
  expect(chooseProtocol(null, ["a"])).toBe("");
  expect(chooseProtocol("", ["a"])).toBe("");
});

test("ROOM-08: what is chosen was offered and is spoken, or it is nothing", () => {
  const token = fc.constantFrom("a", "b", "c", "d", "e");
  fc.assert(
    fc.property(fc.array(token), fc.array(token), (offered, spoken) => {
      const chosen = chooseProtocol(offered.join(", "), spoken);
      const common = offered.filter((protocol) => spoken.includes(protocol));
      return chosen === (common[0] ?? "");
    }),
  );
});
