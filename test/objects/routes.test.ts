import { env, exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { Env } from "../../src/deployment/env.ts";
import { resolveGateway } from "../../src/deployment/options.ts";
import type { RoomKinds } from "../../src/rooms/shipped.ts";
import { HTTP_ERRORS, type HttpErrorCode } from "../../src/shared/codes.ts";
import { appOf } from "../gateway/classes.ts";
import { handshakeHeaders } from "../support/handshake-headers.ts";
import { captureErrors } from "../support/log.ts";
import { accept, connect, GATEWAY, handshake } from "./client.ts";
import { testKinds } from "./kinds.ts";
import { TestRoom } from "./test-room.ts";

async function expectRefusal(response: Response, code: HttpErrorCode): Promise<void> {
  const { status, message } = HTTP_ERRORS[code];
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({ error: { code, message } });
}

/** A gateway whose rooms answer with `failure`. */
function gatewayWithFailingRooms(failure: Error) {
  const room = { fetch: () => Promise.reject(failure) };
  const broken = { ...env, ROOM: { getByName: () => room } } as unknown as Env;
  const request = new Request(`${GATEWAY}/rooms/echo/a`, { headers: handshakeHeaders() });
  return appOf(testKinds).fetch(request, broken);
}

test("ROUTE-01: /ws is a room of kind hello for each visitor", async () => {
  const [one, other] = [await connect("/ws"), await connect("/ws")];
  expect(await one.next()).toBe("Hello from server");
  expect(await other.next()).toBe("Hello from server");
  one.send("mine");
  other.send("yours");
  expect([await one.next(), await other.next()]).toEqual(["mine", "yours"]);
});

test("ROUTE-02: the same kind and name is the same room, and another kind of that name is another", async () => {
  const name = crypto.randomUUID();
  const rooms = ["broadcast", "broadcast", "echo"].map((kind) => new TestRoom(kind, name).connect());
  const [first, second, echo] = await Promise.all(rooms);
  first?.send("to the other");
  expect(await second?.next()).toBe("to the other");
  echo?.send("to itself");
  expect(await echo?.next()).toBe("to itself");
  expect(second?.unread).toEqual([]);
});

test.each([
  ["an encoded slash", "a%2Fb", "a/b"],
  ["a blank", "a%20b", "a b"],
  ["Unicode", "%F0%9F%A6%89-caf%C3%A9", "🦉-café"],
  ["a percent sign", "100%25", "100%"],
  ["a plus sign", "a+b", "a+b"],
  ["the name of something that objects inherit", "__proto__", "__proto__"],
])("ROUTE-03: a room name may have %s, and is decoded once", async (_, segment, name) => {
  const room = new TestRoom({ message: (ws, _message, { name }) => ws.send(name) }, name);
  const client = await connect(`/rooms/${room.kind}/${segment}`);
  client.send("who?");
  expect(await client.next()).toBe(name);
});

test("ROUTE-04: /healthz says that the gateway is there", async () => {
  const response = await exports.default.fetch(`${GATEWAY}/healthz`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: "ok" });
  const head = await exports.default.fetch(`${GATEWAY}/healthz`, { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
});

test("ROUTE-05: other paths are assets, and an upgrade there gets no page", async () => {
  const missing = await exports.default.fetch(`${GATEWAY}/no-such-page-${crypto.randomUUID()}`);
  expect(missing.status).toBe(404);
  for (const path of ["/", "/index.html", "/ws/", "/rooms-of-another-kind"]) {
    await expectRefusal(await handshake(path), "not_found");
  }
});

test("ROUTE-14: a gateway without a page answers 404 in JSON where the page would be", async () => {
  const { ASSETS: _, ...bindings } = env as unknown as Env;
  for (const path of ["/", "/index.html", "/no-such-page"]) {
    const response = await appOf(testKinds).fetch(new Request(GATEWAY + path), bindings);
    await expectRefusal(response, "not_found");
  }
  const health = await appOf(testKinds).fetch(new Request(`${GATEWAY}/healthz`), bindings);
  expect(health.status).toBe(200);
});

test.each(["/ws", "/rooms/echo/a"])("ROUTE-06: %s without an upgrade gets 426", async (path) => {
  for (const upgrade of [undefined, "", "h2c", "websockets", "h2c, websocket"]) {
    const response = await handshake(path, { Upgrade: upgrade });
    expect(response.headers.get("Upgrade")).toBe("websocket");
    await expectRefusal(response, "upgrade_required");
  }
});

test.each(["WebSocket", "WEBSOCKET", "websocket"])("ROUTE-06: Upgrade: %s is one", async (upgrade) => {
  const room = new TestRoom("echo");
  accept(await room.handshake({ Upgrade: upgrade }));
  expect(await room.sockets()).toBe(1);
});

test("ROUTE-07: a version other than 13 gets 426 and is told the right one", async () => {
  for (const version of [undefined, "8", "13, 8", ""]) {
    const response = await handshake("/ws", { "Sec-WebSocket-Version": version });
    expect(response.headers.get("Sec-WebSocket-Version")).toBe("13");
    await expectRefusal(response, "unsupported_version");
  }
});

test("ROUTE-07: a key that is not 16 bytes in base64 gets 400", async () => {
  for (const key of [undefined, "", "short", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25j ZQ=="]) {
    await expectRefusal(await handshake("/ws", { "Sec-WebSocket-Key": key }), "bad_handshake");
  }
});

test("ROUTE-07: a fetch of another Worker carries neither header, and passes", async () => {
  const client = accept(
    await handshake("/ws", { "Sec-WebSocket-Version": undefined, "Sec-WebSocket-Key": undefined }),
  );
  expect(await client.next()).toBe("Hello from server");
});

test.each(["nope", "__proto__", "constructor", "toString", "hasOwnProperty", "", "Echo", "%E0%A4%A"])(
  "ROUTE-08: there is no kind %j",
  async (kind) => {
    await expectRefusal(await handshake(`/rooms/${kind}/a`), "unknown_kind");
  },
);

test.each([
  ["none", ""],
  ["129 characters", "x".repeat(129)],
  ["129 characters, encoded", "%C3%A9".repeat(129)],
  ["a line feed", "a%0Ab"],
  ["a NUL", "%00"],
  ["a control character of Latin-1", "%C2%85"],
  ["DEL", "%7F"],
  ["broken percent-encoding", "%E0%A4%A"],
  ["a lone surrogate", "%ED%A0%80"],
])("ROUTE-09: the room name with %s gets 400", async (_, name) => {
  await expectRefusal(await handshake(`/rooms/echo/${name}`), "bad_room_name");
});

test("ROUTE-09: a room name may have 128 characters", async () => {
  const client = await new TestRoom("echo", "é".repeat(128)).connect();
  client.send("in");
  expect(await client.next()).toBe("in");
});

test("ROUTE-09: a room without a name, and one with too many segments", async () => {
  await expectRefusal(await handshake("/rooms/echo"), "bad_room_name");
  await expectRefusal(await handshake("/rooms"), "unknown_kind");
  await expectRefusal(await handshake("/rooms/echo/a/b"), "not_found");
});

test.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])("ROUTE-10: %s gets 405", async (method) => {
  for (const path of ["/ws", "/rooms/echo/a", "/healthz"]) {
    const response = await exports.default.fetch(GATEWAY + path, { method });
    expect(response.headers.get("Allow")).toBe("GET");
    await expectRefusal(response, "method_not_allowed");
  }
});

test("ROUTE-10: HEAD of a room gets 405", async () => {
  const response = await exports.default.fetch(`${GATEWAY}/ws`, { method: "HEAD" });
  expect([response.status, response.headers.get("Allow")]).toEqual([405, "GET"]);
});

test.each(["overloaded", "retryable"])("ROUTE-11: a room that is %s for now gets 503", async (property) => {
  const errors = captureErrors();
  const response = await gatewayWithFailingRooms(Object.assign(new Error("moved"), { [property]: true }));
  expect(response.headers.get("Retry-After")).toBe("5");
  await expectRefusal(response, "overloaded");
  expect(errors()).toMatchObject([{ event: "request_failed", message: "moved" }]);
});

test("HTTP-12 HTTP-18 HTTP-21: where an object is being moved, pages may read so, and an EventSource comes back", async () => {
  captureErrors();
  const stub = { fetch: () => Promise.reject(Object.assign(new Error("moved"), { retryable: true })) };
  const moving = { getByName: () => stub, idFromName: () => "id" };
  const ask = (path: string, method = "GET") => {
    const headers = { Accept: "text/event-stream", Origin: GATEWAY };
    const body = method === "POST" ? '{"connect":{},"id":1}' : null;
    const broken = { ...env, HUB: moving, ROOM: moving } as unknown as Env;
    const kinds = { heard: { stream: true, message() {} } };
    return appOf(kinds).fetch(new Request(GATEWAY + path, { method, headers, body }), broken);
  };
  for (const path of ["/connection/uni_sse", "/rooms/heard/a"]) {
    const response = await ask(path);
    expect([response.status, (await response.text()).split("\n")[0]]).toEqual([200, "retry: 5000"]);
  }
  const refused = await ask("/connection/http_stream", "POST");
  expect([refused.status, refused.headers.get("Access-Control-Allow-Origin")]).toEqual([503, GATEWAY]);
});

test("ROUTE-11: any other failure gets 500 and tells nothing", async () => {
  captureErrors();
  const response = await gatewayWithFailingRooms(new Error("secret"));
  expect(await response.clone().text()).not.toContain("secret");
  await expectRefusal(response, "internal");
});

test("ROUTE-12: a 101 has the headers that the room gave it, and no other", async () => {
  const plain = await new TestRoom("broadcast").handshake();
  expect([plain.status, [...plain.headers]]).toEqual([101, []]);
  const echo = await new TestRoom("echo").handshake({ "Sec-WebSocket-Protocol": "echo" });
  expect([...echo.headers]).toEqual([["sec-websocket-protocol", "echo"]]);
  for (const response of [plain, echo]) accept(response);
});

test("ROUTE-13: a kind that cannot work stops the gateway when it starts", () => {
  const start = (rooms: RoomKinds) => () => resolveGateway({ rooms }, env);
  expect(start({ "a/b": { message() {} } })).toThrow("rooms.a/b: the name of a room kind");
  expect(start({ idle: { idleTimeout: -1, message() {} } })).toThrow("rooms.idle: idleTimeout");
});
