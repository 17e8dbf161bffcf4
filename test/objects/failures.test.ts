import { expect, test } from "vitest";
import type { RoomHandler } from "../../src/rooms/handler.ts";
import { captureErrors } from "../support/log.ts";
import { connect } from "./client.ts";
import { TestRoom } from "./test-room.ts";

const FAILED = { code: 1011, reason: "internal error" };
const FAILURES: readonly [string, () => unknown][] = [
  [
    "throws",
    () => {
      throw new Error("broken");
    },
  ],
  ["rejects", () => Promise.reject(new Error("broken"))],
  [
    "rejects late",
    () =>
      scheduler.wait(1).then(() => {
        throw new Error("broken");
      }),
  ],
];

test.each(FAILURES)("ROOM-14: a message handler that %s costs its own socket only", async (_, fail) => {
  const errors = captureErrors();
  const room = new TestRoom({
    message: (ws, message) => (message === "private payload" ? fail() : ws.send(message)),
  });
  const [broken, healthy] = [await room.connect(), await room.connect()];
  broken.send("private payload", "never answered");
  expect(await broken.closed).toEqual(FAILED);
  healthy.send("well");
  expect(await healthy.next()).toBe("well");
  expect(broken.unread).toEqual([]);
  expect(errors()).toMatchObject([{ event: "room.handler_failed", in: "message", message: "broken" }]);
  expect(JSON.stringify(errors())).not.toContain("private payload");
});

test.each(FAILURES)("ROOM-14: an open handler that %s closes its socket", async (_, fail) => {
  const errors = captureErrors();
  const closes: number[] = [];
  const room = new TestRoom({ open: () => fail(), message() {}, close: (_ws, code) => closes.push(code) });
  const client = await room.connect();
  expect(await client.closed).toEqual(FAILED);
  await room.untilEmpty();
  expect(closes).toHaveLength(1);
  expect(errors()).toMatchObject([{ in: "open" }]);
});

test.each(FAILURES)(
  "ROOM-14: a close handler that %s leaves a log line, and the close is complete",
  async (_, fail) => {
    const errors = captureErrors();
    const room = new TestRoom({ message: (ws, message) => ws.send(message), close: () => fail() });
    const [leaving, staying] = [await room.connect(), await room.connect()];
    expect(await leaving.close(4000, "bye")).toEqual({ code: 4000, reason: "bye" });
    staying.send("well");
    expect(await staying.next()).toBe("well");
    await expect.poll(errors).toMatchObject([{ in: "close", message: "broken" }]);
  },
);

test.each(FAILURES)("ROOM-16: a tick that %s leaves a log line, and the ticks go on", async (_, fail) => {
  const errors = captureErrors();
  const room = new TestRoom({
    tickInterval: 60_000,
    tick: () => fail(),
    message: (ws, message) => ws.send(message),
  });
  const client = await room.connect();
  await room.runAlarm();
  await expect.poll(errors).toMatchObject([{ event: "room.tick_failed", message: "broken" }]);
  expect(await room.alarm()).not.toBeNull();
  client.send("well");
  expect(await client.next()).toBe("well");
});

test.each(FAILURES)("ROOM-07: an upgrade that %s gets 500, and leaves no socket", async (_, fail) => {
  const errors = captureErrors();
  const room = new TestRoom({ upgrade: () => fail(), message() {} });
  const response = await room.handshake();
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ error: { code: "internal", message: "internal server error" } });
  expect(await room.sockets()).toBe(0);
  expect(errors()).toMatchObject([{ event: "request_failed", message: "broken" }]);
});

test("ROOM-06: upgrade refuses with a Response of its own", async () => {
  const room = new TestRoom({
    upgrade: (request) =>
      request.headers.get("Authorization") === null
        ? new Response("who are you?", { status: 401, headers: { "WWW-Authenticate": "Bearer" } })
        : { user: "ada" },
    message: (ws) => ws.send(JSON.stringify(ws.data)),
  });
  const refusal = await room.handshake();
  expect([refusal.status, await refusal.text()]).toEqual([401, "who are you?"]);
  expect(refusal.headers.get("WWW-Authenticate")).toBe("Bearer");
  expect(await room.sockets()).toBe(0);
  const client = await room.connect({ Authorization: "Bearer token" });
  client.send("who am I?");
  expect(await client.next()).toBe('{"user":"ada"}');
});

test("ROOM-06: upgrade knows the request and the room", async () => {
  const room = new TestRoom({
    upgrade: async (request, { name, kind, sockets }) => ({
      query: new URL(request.url).searchParams.get("q"),
      room: `${kind}/${name}`,
      others: [...sockets].length,
    }),
    message: (ws) => ws.send(JSON.stringify(ws.data)),
  });
  const client = await connect(`${room.path}?q=1`);
  client.send("?");
  expect(JSON.parse(String(await client.next()))).toEqual({
    query: "1",
    room: `${room.kind}/${room.name}`,
    others: 0,
  });
});

test.each<[string, () => unknown]>([
  ["is too large", () => "x".repeat(16_384)],
  ["cannot be cloned", () => ({ method() {} })],
])("ROOM-06 LIMIT-12: data that %s is refused at the upgrade", async (_, data) => {
  const errors = captureErrors();
  const room = new TestRoom({ upgrade: data, message() {} });
  const response = await room.handshake();
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({ error: { code: "data_too_large" } });
  expect(await room.sockets()).toBe(0);
  expect(errors()).toMatchObject([{ event: "room.data_too_large" }]);
});

test.each<[string, () => unknown]>([
  ["is too large", () => "x".repeat(16_384)],
  ["cannot be cloned", () => () => {}],
])("ROOM-14 LIMIT-12: data that has become such that it %s costs its socket", async (_, data) => {
  const errors = captureErrors();
  const room = new TestRoom({
    upgrade: () => ({}),
    message(ws, message) {
      if (message === "spoil") ws.data.part = data();
      ws.send("done");
    },
  } satisfies RoomHandler<{ part?: unknown }>);
  const [broken, healthy] = [await room.connect(), await room.connect()];
  broken.send("spoil");
  expect(await broken.closed).toEqual(FAILED);
  healthy.send("well");
  expect(await healthy.next()).toBe("done");
  expect(errors()).toMatchObject([{ in: "data" }]);
});

test("ROOM-17: a failed connection is reported to error and to close, and leaves the room", async () => {
  const heard: unknown[] = [];
  const handler: RoomHandler = {
    tickInterval: 60_000,
    tick() {},
    open: (ws) => ws.subscribe("all"),
    message() {},
    error: async (_ws, failure) => {
      await scheduler.wait(1);
      heard.push(String(failure));
    },
    close: (_ws, code, reason, room) =>
      heard.push([code, reason, [...room.sockets].length, room.subscriberCount("all")]),
  };
  const room = new TestRoom(handler);
  await room.connect();
  await room.failConnection(new Error("bad frame"));
  expect(heard).toEqual(["Error: bad frame", [1006, "", 0, 0]]);
  expect(await room.alarm()).toBeNull();
});
