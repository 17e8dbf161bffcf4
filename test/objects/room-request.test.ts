import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { RoomHandler } from "../../src/rooms/handler.ts";
import { appOf } from "../gateway/classes.ts";
import { captureErrors } from "../support/log.ts";
import { GATEWAY } from "./client.ts";
import { testKinds } from "./kinds.ts";
import { TestRoom } from "./test-room.ts";

const codeOf = async (response: Response) => {
  const { error } = (await response.json()) as { error: { code: string } };
  return [response.status, error.code];
};

/** A room that answers what it is asked, and sends what is posted to everybody. */
function answeringRoom(more: Partial<RoomHandler> = {}) {
  let requests = 0;
  const room = new TestRoom({
    open: (ws) => ws.subscribe("all"),
    message: (ws, message) => ws.send(message),
    async request(request, room) {
      requests += 1;
      const text = await request.text();
      room.publish("all", text);
      return new Response(`${request.method} ${room.name} ${text}`, {
        status: 201,
        headers: { "X-Of-Room": new URL(request.url).search },
      });
    },
    ...more,
  });
  return { room, requests: () => requests };
}

/** A body whose length nobody knows. */
function streamOf(bytes: number): ReadableStream<Uint8Array> {
  return new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new TransformStream());
}

test.each(["GET", "POST", "PUT", "DELETE", "OPTIONS"])(
  "ROOM-26: %s of a room's address goes to the kind's `request`, which its sockets hear of, also after sleep",
  async (method) => {
    const { room } = answeringRoom();
    const client = await room.connect();
    await room.sleep();
    const body = method === "GET" ? "" : "news";
    const response = await room.request({ method, ...(body && { body }) }, "?a=b");
    expect([response.status, response.headers.get("X-Of-Room")]).toEqual([201, "?a=b"]);
    expect(await response.text()).toBe(`${method} ${room.name} ${body}`);
    expect(await client.next()).toBe(body);
  },
);

test("ROOM-26: HEAD is answered without a body", async () => {
  const { room, requests } = answeringRoom();
  const response = await room.request({ method: "HEAD" });
  expect([response.status, await response.text(), requests()]).toEqual([201, "", 1]);
});

test("ROOM-26: without `request`, GET is 426 and another method 405, and no object is asked", async () => {
  const room = new TestRoom({ message() {} });
  expect(await codeOf(await room.request())).toEqual([426, "upgrade_required"]);
  expect(await codeOf(await room.request({ method: "OPTIONS" }))).toEqual([405, "method_not_allowed"]);
});

test("ROOM-26: a handshake is a socket, and a preflight a question about one, whether or not there is a `request`", async () => {
  const { room, requests } = answeringRoom();
  const client = await room.connect();
  client.send("socket");
  expect(await client.next()).toBe("socket");
  const preflight = await room.request({ headers: { "X-Poorwill-Preflight": "1" } });
  expect(preflight.status).toBe(204);
  expect(requests()).toBe(0);
});

test("ROOM-27: a page of a foreign origin is refused, with any method, and the room hears nothing of it", async () => {
  const { room, requests } = answeringRoom();
  const app = appOf(testKinds);
  const ask = (method: string, origin: string, variables: object) => {
    const request = new Request(GATEWAY + room.path, { method, headers: { Origin: origin } });
    return app.fetch(request, { ...env, ENVIRONMENT: "production", ...variables });
  };
  for (const method of ["GET", "POST", "OPTIONS"])
    expect(await codeOf(await ask(method, "https://evil.test", {}))).toEqual([403, "origin_refused"]);
  expect(requests()).toBe(0);
  const friends = { ALLOWED_ORIGINS: "https://friend.test" };
  expect((await ask("POST", "https://friend.test", friends)).status).toBe(201);
  expect((await ask("POST", GATEWAY, {})).status).toBe(201);
});

test("ROOM-27: an address that is over its rate is refused", async () => {
  const { room, requests } = answeringRoom();
  const full = { limit: () => Promise.resolve({ success: false }) };
  const request = new Request(GATEWAY + room.path, { headers: { "CF-Connecting-IP": "192.0.2.9" } });
  const response = await appOf(testKinds).fetch(request, { ...env, CONNECT_RATE: full });
  expect(await codeOf(response)).toEqual([429, "too_many_connections"]);
  expect(requests()).toBe(0);
});

test.each(["declared", "unknown"])(
  "ROOM-27: a body over `maxRequestBody` is 413, its length %s",
  async (length) => {
    const { room } = answeringRoom({ maxRequestBody: 1_000 });
    const bodyOf = (bytes: number) => (length === "declared" ? new Uint8Array(bytes) : streamOf(bytes));
    expect((await room.request({ method: "POST", body: bodyOf(1_000) })).status).toBe(201);
    expect(await codeOf(await room.request({ method: "POST", body: bodyOf(1_001) }))).toEqual([
      413,
      "body_too_large",
    ]);
  },
);

const broken: readonly [string, () => unknown][] = [
  [
    "throws",
    () => {
      throw new Error("a secret");
    },
  ],
  ["rejects", () => Promise.reject(new Error("a secret"))],
  ["returns no Response", () => "a secret"],
];

test.each(broken)(
  "ROOM-28: a `request` that %s is 500 without its words, and a log line",
  async (_, request) => {
    const log = captureErrors();
    const { room } = answeringRoom({ request: request as NonNullable<RoomHandler["request"]> });
    const client = await room.connect();
    const response = await room.request({ method: "POST", body: "a payload" });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(log()).toMatchObject([{ event: "room.request_failed" }]);
    expect(JSON.stringify(log())).not.toContain("a payload");
    client.send("unharmed");
    expect(await client.next()).toBe("unharmed");
  },
);
