import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { RoomError, type RoomStub, roomOf } from "../../src/room-rpc/room-stub.ts";
import type { RoomContext, RoomHandler } from "../../src/rooms/handler.ts";
import { ERRORS } from "../../src/shared/codes.ts";
import { ROOM_LIMITS } from "../../src/shared/limits.ts";
import { captureErrors } from "../support/log.ts";
import { stopTimers } from "../support/timers.ts";
import { until } from "../support/until.ts";
import { accept } from "./client.ts";
import { testKinds } from "./kinds.ts";
import { TestRoom } from "./test-room.ts";

const outside = ({ kind, name }: TestRoom): RoomStub => roomOf(env, testKinds, kind, name);

/** The code that a room refuses with. */
const codeOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    (result) => `no error: ${JSON.stringify(result)}`,
    (failure: unknown) => (failure instanceof RoomError ? failure.code : failure),
  );

/** A room whose sockets are subscribed to "all". */
function openRoom(more: Partial<RoomHandler> = {}): TestRoom {
  return new TestRoom({
    open: (ws) => ws.subscribe("all"),
    message: (ws, message) => ws.send(message),
    ...more,
  });
}

test("OUTSIDE-01: `publish` reaches every subscriber of the topic, wakes the room, and says how many it reached", async () => {
  const room = openRoom();
  const clients = [await room.connect(), await room.connect()];
  await room.sleep();
  expect(await outside(room).publish("all", "news")).toBe(2);
  for (const client of clients) expect(await client.next()).toBe("news");
  expect(await outside(room).publish("other", "news")).toBe(0);
  const view = new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4);
  await outside(room).publish("all", view);
  expect(new Uint8Array((await clients[0]?.next()) as ArrayBuffer)).toEqual(new Uint8Array([1, 2, 3]));
  for (const topic of ["", "x".repeat(ROOM_LIMITS.topicLength + 1)])
    expect(await codeOf(outside(room).publish(topic, "news"))).toBe(ERRORS.badRequest.code);
});

test("OUTSIDE-02: `sockets` lists the open sockets page by page, also when some leave between two pages", async () => {
  const room = openRoom({ upgrade: () => ({ name: "ada", big: 1n }) });
  const clients = await Promise.all(Array.from({ length: 7 }, () => room.connect()));
  await room.sleep();
  const stub = outside(room);
  const first = await stub.sockets({ limit: 3 });
  expect(first.sockets).toHaveLength(3);
  expect(first.sockets[0]).toEqual({
    id: expect.any(String),
    remoteAddress: "",
    protocol: "",
    tags: [],
    topics: ["all"],
  });
  const second = await stub.sockets({ limit: 3, after: first.next ?? "" });
  await clients[0]?.close(1000);
  const third = await stub.sockets({ limit: 3, after: second.next ?? "" });
  expect(third.next).toBeUndefined();
  const ids = [first, second, third].flatMap(({ sockets }) => sockets.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThanOrEqual(6);
  for (const limit of [0, -1, 1.5, Number.NaN, ROOM_LIMITS.largestSocketPage + 1])
    expect(await codeOf(stub.sockets({ limit }))).toBe(ERRORS.badRequest.code);
});

test("OUTSIDE-02: `data` is listed when it is asked for, and left out where JSON cannot say it", async () => {
  const room = openRoom({
    upgrade: (request) => (request.headers.get("X-Odd") ? { n: 1n } : { name: "ada" }),
  });
  await room.connect();
  await room.connect({ "X-Odd": "1" });
  const { sockets } = await outside(room).sockets({ data: true });
  expect(sockets.map(({ data }) => data).filter(Boolean)).toEqual([{ name: "ada" }]);
  expect(sockets).toHaveLength(2);
});

test("OUTSIDE-02: a page stays under its limit of bytes, and the next one goes on", async () => {
  const room = openRoom({ upgrade: () => "é".repeat(7_000) });
  const count = 40;
  await Promise.all(Array.from({ length: count }, () => room.connect()));
  const stub = outside(room);
  let after: string | undefined = "";
  let seen = 0;
  let pages = 0;
  while (after !== undefined) {
    const page: Awaited<ReturnType<RoomStub["sockets"]>> = await stub.sockets({ after, data: true });
    expect(JSON.stringify(page).length).toBeLessThan(ROOM_LIMITS.callSize + 1_000);
    seen += page.sockets.length;
    pages += 1;
    after = page.next;
  }
  expect(seen).toBe(count);
  expect(pages).toBeGreaterThan(1);
});

test("OUTSIDE-03: `close` closes every socket, with 1000 or the code that was given", async () => {
  const closes: number[] = [];
  const room = openRoom({ close: (_ws, code) => closes.push(code) });
  const clients = [await room.connect(), await room.connect()];
  await room.sleep();
  for (const code of [999, 1001, 2999, 5000, 1.5])
    expect(await codeOf(outside(room).close(code))).toBe(ERRORS.badRequest.code);
  expect(await codeOf(outside(room).close(4000, "x".repeat(124)))).toBe(ERRORS.badRequest.code);
  expect(await outside(room).close(4_000, "over")).toBe(2);
  for (const client of clients) expect(await client.closed).toEqual({ code: 4_000, reason: "over" });
  await until(() => closes.length === 2);
  expect(await outside(room).close()).toBe(0);
});

const counter = {
  start: ({ storage }) => storage.sql.exec("CREATE TABLE IF NOT EXISTS sums (n INTEGER)"),
  message: (ws, message) => ws.send(message),
  calls: {
    add({ storage }: RoomContext, one: number, other: number) {
      storage.sql.exec("INSERT INTO sums VALUES (?)", one + other);
      return { sum: one + other, at: new Date(0) };
    },
    async total({ storage }: RoomContext) {
      await scheduler.wait(1);
      return storage.sql.exec<{ total: number }>("SELECT sum(n) AS total FROM sums").one().total;
    },
    nothing() {},
    fail() {
      throw new Error("a secret");
    },
    hang: () => new Promise<void>(() => {}),
    large: (_room: RoomContext, length: number) => "x".repeat(length),
    cyclic() {
      const cycle: Record<string, unknown> = {};
      cycle.self = cycle;
      return cycle;
    },
    get broken(): () => void {
      throw new Error("a secret");
    },
  },
} satisfies RoomHandler;

test("OUTSIDE-04: a call has its arguments and its result as JSON, with their types, and comes after `start`", async () => {
  const { kind, name } = new TestRoom(counter);
  const room = roomOf(env, { ...testKinds, [kind]: counter } as Record<string, typeof counter>, kind, name);
  const { sum, at } = await room.call("add", 1, 2);
  expect([sum + 1, at.length]).toEqual([4, "1970-01-01T00:00:00.000Z".length]);
  await new TestRoom(kind, name).sleep();
  expect((await room.call("total")).toFixed(1)).toBe("3.0");
  expect(await room.call("nothing")).toBeUndefined();
  // @ts-expect-error: a text is no number.
  await room.call("add", "1", 2);
  // @ts-expect-error: there is no such call.
  expect(await codeOf(room.call("subtract", 1, 2))).toBe(ERRORS.methodNotFound.code);
});

test.each(["constructor", "__proto__", "toString", "hasOwnProperty", "then", "", "calls", "message"])(
  "OUTSIDE-05: a call named %j is 104: nothing that is inherited is ever called",
  async (name) => {
    const room = outside(new TestRoom(counter));
    expect(await codeOf(room.call(name))).toBe(ERRORS.methodNotFound.code);
  },
);

test("OUTSIDE-05: an own member that is no function is 104, and so is every call of a kind without calls", async () => {
  const odd = { message() {}, calls: { number: 1 } } as unknown as RoomHandler;
  expect(await codeOf(outside(new TestRoom(odd)).call("number"))).toBe(ERRORS.methodNotFound.code);
  expect(await codeOf(outside(new TestRoom("echo")).call("number"))).toBe(ERRORS.methodNotFound.code);
});

test.each(["constructor", "__proto__", "missing", ""])("OUTSIDE-05: the kind %j is 102", async (kind) => {
  expect(await codeOf(roomOf(env, testKinds, kind, "lobby").call("add"))).toBe(ERRORS.unknownChannel.code);
  expect(await codeOf(roomOf(env, testKinds, kind, "lobby").publish("all", "x"))).toBe(
    ERRORS.unknownChannel.code,
  );
});

test("OUTSIDE-05: a kind that the room's own build does not have is 102, and a name that no room has is 107", async () => {
  const elsewhere = { ...testKinds, elsewhere: counter };
  expect(await codeOf(roomOf(env, elsewhere, "elsewhere", "lobby").call("total"))).toBe(
    ERRORS.unknownChannel.code,
  );
  for (const name of ["", "..", "a\nb", "x".repeat(200)])
    expect(await codeOf(roomOf(env, testKinds, "echo", name).sockets())).toBe(ERRORS.badRequest.code);
});

test.each(["fail", "cyclic", "broken"])(
  "OUTSIDE-06: a call that fails (%s) is 100 without its words, and a log line",
  async (name) => {
    const log = captureErrors();
    const room = new TestRoom(counter);
    const client = await room.connect();
    const failure = await outside(room)
      .call(name)
      .catch((reason: unknown) => reason);
    expect(failure).toMatchObject({ code: ERRORS.internal.code, message: ERRORS.internal.message });
    expect(log()).toMatchObject([{ event: "room.call_failed", call: name }]);
    client.send("unharmed");
    expect(await client.next()).toBe("unharmed");
  },
);

test("OUTSIDE-06: a call that does not end in time is 100", async () => {
  const expire = stopTimers();
  captureErrors();
  const room = new TestRoom(counter);
  const asked = codeOf(outside(room).call("hang"));
  await until(async () => {
    expire();
    return (await Promise.race([asked, scheduler.wait(1)])) === ERRORS.internal.code;
  });
});

test("OUTSIDE-07: arguments over 256 KiB are 107 and never reach the room, a result over it is 106", async () => {
  const room = outside(new TestRoom(counter));
  expect(await codeOf(room.call("add", "x".repeat(2_000_000)))).toBe(ERRORS.badRequest.code);
  expect(await codeOf(room.call("nothing", "é".repeat(ROOM_LIMITS.callSize / 2)))).toBe(
    ERRORS.badRequest.code,
  );
  expect(await room.call("nothing", "x".repeat(ROOM_LIMITS.callSize - 4))).toBeUndefined();
  expect(await codeOf(room.call("large", ROOM_LIMITS.callSize))).toBe(ERRORS.limitExceeded.code);
  expect(await room.call("large", 1_000)).toHaveLength(1_000);
});

test("OUTSIDE-07: arguments that JSON cannot say are 107, and so are publications that are too large or no message", async () => {
  const room = outside(new TestRoom(counter));
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  for (const wrong of [1n, cyclic])
    expect(await codeOf(room.call("add", wrong))).toBe(ERRORS.badRequest.code);
  const large = "x".repeat(ROOM_LIMITS.maxPayloadLength + 1);
  for (const wrong of [large, new TextEncoder().encode(large), 5, { text: "news" }, null, undefined])
    expect(await codeOf(room.publish("all", wrong as string))).toBe(ERRORS.badRequest.code);
  expect(await room.publish("all", large.slice(1))).toBe(0);
});

test("OUTSIDE-01: who has reached a room reaches it again after the object was reset", async () => {
  captureErrors();
  const room = openRoom();
  const stub = outside(room);
  expect(await stub.publish("all", "news")).toBe(0);
  await room.inside((state) => state.abort()).catch(() => {});
  await codeOf(stub.publish("all", "lost"));
  const client = await room.connect();
  expect(await stub.publish("all", "news")).toBe(1);
  expect(await client.next()).toBe("news");
});

test("OUTSIDE-01: `fetch` passes on a handshake, and a request", async () => {
  const room = openRoom({ request: (request) => new Response(request.method) });
  const url = "https://of.the.caller/anything";
  const client = accept(await outside(room).fetch(new Request(url, { headers: { Upgrade: "websocket" } })));
  client.send("hello");
  expect(await client.next()).toBe("hello");
  expect(await (await outside(room).fetch(new Request(url, { method: "PUT" }))).text()).toBe("PUT");
  await expect(roomOf(env, testKinds, "missing", "a").fetch(new Request(url))).rejects.toThrow(RoomError);
});
