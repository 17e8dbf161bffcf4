import { exports } from "cloudflare:workers";
import { expect, onTestFinished, test } from "vitest";
import type { RoomHandler } from "../../src/rooms/handler.ts";
import { resolveOptions } from "../../src/rooms/options.ts";
import { stopClock } from "../support/clock.ts";
import { stopTimers } from "../support/timers.ts";
import { until } from "../support/until.ts";
import { GATEWAY } from "./client.ts";
import { TestRoom } from "./test-room.ts";

const ACCEPT = { Accept: "text/event-stream" };
const hearing: RoomHandler = {
  stream: true,
  open: (ws) => ws.subscribe("all"),
  message: (_ws, message, room) => room.publish("all", message),
};

/** Everything that has come of a stream, and how to end it. */
function read(response: Response) {
  const reader = response.body?.getReader();
  if (reader === undefined) throw new Error(`status ${response.status}`);
  const stream = { text: "", isOver: false, cancel: () => reader.cancel() };
  const decoder = new TextDecoder();
  const run = async () => {
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (done) break;
      stream.text += decoder.decode(value, { stream: true });
    }
    stream.isOver = true;
  };
  void run();
  onTestFinished(() => void reader.cancel());
  return stream;
}

async function listen(room: TestRoom, headers = {}) {
  const response = await room.request({ headers: { ...ACCEPT, ...headers } });
  expect([response.status, response.headers.get("Content-Type")]).toEqual([
    200,
    "text/event-stream; charset=utf-8",
  ]);
  return read(response);
}

test("HTTP-20 HTTP-21: what a room sends is heard as events, also after it has slept", async () => {
  const room = new TestRoom(hearing);
  const stream = await listen(room);
  const client = await room.connect();
  client.send("one\ntwo\r\nthree\rfour");
  await until(() => stream.text === "retry: 1000\n\ndata: one\ndata: two\ndata: three\ndata: four\n\n");
  await room.sleep();
  client.send(new Uint8Array([0, 255]).buffer);
  await until(() => stream.text.endsWith("event: binary\ndata: AP8=\n\n"));
});

test("HTTP-20: an upgrade goes before a stream, a stream before `request`, and without `stream` there is none", async () => {
  const answering = { ...hearing, request: () => new Response("asked") };
  const room = new TestRoom(answering);
  const client = await room.connect(ACCEPT);
  const stream = await listen(room, { Accept: "text/html, Text/Event-Stream;q=0.5" });
  client.send("hello");
  await until(() => stream.text.endsWith("data: hello\n\n"));
  for (const init of [{}, { headers: { Accept: "*/*" } }, { method: "POST", headers: ACCEPT }])
    expect(await (await room.request(init)).text()).toBe("asked");
  expect(
    await (await new TestRoom({ ...answering, stream: false }).request({ headers: ACCEPT })).text(),
  ).toBe("asked");
  expect((await new TestRoom({ message() {} }).request({ headers: ACCEPT })).status).toBe(426);
});

test("HTTP-20: `upgrade` decides, sees the request, and sets headers; `open` and `close` run", async () => {
  const told: unknown[] = [];
  const room = new TestRoom({
    ...hearing,
    upgrade: ({ headers }) =>
      headers.get("Last-Event-ID") === null
        ? new Response("who are you?", { status: 401, headers: { "X-Why": "no id" } })
        : { name: headers.get("Last-Event-ID") },
    open: (ws) => void told.push(ws.data),
    close: (_ws, code) => void told.push(code),
  });
  const refused = await room.request({ headers: { ...ACCEPT, Origin: "http://localhost:1" } });
  expect([refused.status, await refused.text(), refused.headers.get("X-Why")]).toEqual([
    401,
    "who are you?",
    "no id",
  ]);
  expect(refused.headers.get("Access-Control-Allow-Origin")).toBe("http://localhost:1");
  const stream = await listen(room, { "Last-Event-ID": "ann" });
  await until(() => told.length === 1);
  await stream.cancel();
  await until(() => told.length === 2);
  expect(told).toEqual([{ name: "ann" }, 1000]);
});

test("HTTP-21: a close is an event, after which the stream ends", async () => {
  const room = new TestRoom({ ...hearing, open: (ws) => void ws.close(4_001, "go away") });
  const stream = await listen(room);
  await until(() => stream.isOver);
  expect(stream.text).toBe('retry: 1000\n\nevent: close\ndata: {"code":4001,"reason":"go away"}\n\n');
});

test("HTTP-21: a room that is full says when to come back; foreign pages hear nothing", async () => {
  const room = new TestRoom({ ...hearing, maxSockets: 1 });
  await listen(room);
  const full = await room.request({ headers: ACCEPT });
  expect([full.status, await full.text()]).toEqual([
    200,
    'retry: 5000\n\nevent: close\ndata: {"code":1013,"reason":"too many messages are waiting"}\n\n',
  ]);
  const path = GATEWAY + room.path;
  const foreign = await exports.default.fetch(path, { headers: { ...ACCEPT, Origin: "https://evil.test" } });
  expect(foreign.status).toBe(403);
});

test("HTTP-20: a page that would send headers of its own is answered beforehand, unless the kind answers requests", async () => {
  const ask = async (handler: RoomHandler) => {
    const headers = { Origin: "http://localhost:3000", "Access-Control-Request-Method": "GET" };
    const { status } = await new TestRoom(handler).request({ method: "OPTIONS", headers });
    return status;
  };
  const { stream: _, ...deaf } = hearing;
  expect(await ask(hearing)).toBe(204);
  expect(await ask(deaf)).toBe(405);
  expect(await ask({ ...hearing, request: () => new Response("mine", { status: 202 }) })).toBe(202);
});

test("HTTP-22: with `idleTimeout` a kind needs a heartbeat, which is sent for the client and not told", async () => {
  expect(() => resolveOptions({ ...hearing, idleTimeout: 10 })).toThrow("heartbeat");
  const heartbeat = { request: "ping", response: "pong" };
  const room = new TestRoom({ ...hearing, idleTimeout: 20, heartbeat });
  const [clock, expire] = [stopClock(), stopTimers()];
  const stream = await listen(room);
  const hasBeaten = () =>
    room.inside((state) =>
      state.getWebSockets().every((raw) => state.getWebSocketAutoResponseTimestamp(raw)),
    );
  for (let times = 1; times <= 2; times += 1) {
    clock.advance(10_000);
    expire();
    await until(() => stream.text.split("\n\n").length === times + 2);
  }
  await until(hasBeaten);
  const client = await room.connect();
  client.send("hello");
  await until(() => stream.text.endsWith("data: hello\n\n"));
  expect(stream.text).toBe("retry: 1000\n\n:\n\n:\n\ndata: hello\n\n");
});

test("HTTP-09: who reads too slowly is closed with 3008", async () => {
  const closes: number[] = [];
  const room = new TestRoom({
    ...hearing,
    close: (_ws, code) => void closes.push(code),
    backpressureLimit: 1_000,
  });
  const response = await room.request({ headers: ACCEPT });
  const client = await room.connect();
  await until(async () => (await room.sockets()) === 2);
  while (closes.length === 0) {
    client.send("x".repeat(500));
    await client.next();
  }
  expect(closes).toEqual([3008]);
  await response.body?.cancel();
});
