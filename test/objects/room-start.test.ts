import { expect, test } from "vitest";
import type { RoomHandler } from "../../src/rooms/handler.ts";
import { ROOM_LIMITS } from "../../src/shared/limits.ts";
import { stopClock } from "../support/clock.ts";
import { captureErrors } from "../support/log.ts";
import { stopTimers } from "../support/timers.ts";
import { until } from "../support/until.ts";
import { TestRoom } from "./test-room.ts";

const FAILED = { code: 1011, reason: "internal error" };

/** A room that echoes, and whose `start` is what the test says by then. */
function startingRoom(more: Partial<RoomHandler> = {}) {
  const state = { start: (): unknown => undefined, starts: 0 };
  const room = new TestRoom({
    start() {
      state.starts += 1;
      return state.start();
    },
    message: (ws, message) => ws.send(message),
    ...more,
  });
  return { room, state };
}

const ways: readonly [string, (order: string[]) => unknown][] = [
  ["at once", (order) => order.push("start")],
  ["later", (order) => scheduler.wait(1).then(() => order.push("start"))],
];

test.each(ways)(
  "ROOM-23: a `start` that ends %s runs once in each waking life, before everything else",
  async (_, start) => {
    const order: string[] = [];
    const room = new TestRoom({
      start: () => start(order),
      upgrade: () => void order.push("upgrade"),
      open: () => order.push("open"),
      message: (ws, message) => {
        order.push("message");
        ws.send(message);
      },
      close: () => order.push("close"),
      request() {
        order.push("request");
        return new Response("answer");
      },
    });
    const client = await room.connect();
    client.send("one", "two");
    await client.take(2);
    expect(order.splice(0)).toEqual(["start", "upgrade", "open", "message", "message"]);
    await room.sleep();
    client.send("three", "four");
    expect(await client.take(2)).toEqual(["three", "four"]);
    expect(order.splice(0)).toEqual(["start", "message", "message"]);
    await room.sleep();
    expect(await (await room.request()).text()).toBe("answer");
    expect(order.splice(0)).toEqual(["start", "request"]);
    await room.sleep();
    await client.close(1000);
    await until(() => order.includes("close"));
    expect(order).toEqual(["start", "close"]);
  },
);

test("ROOM-23: what `start` fills memory with is there for what has waited, and what it changes is kept", async () => {
  let names: string[] = [];
  const room = new TestRoom({
    async start({ storage, sockets }) {
      names = [];
      await scheduler.wait(1);
      names = storage.kv.get<string[]>("names") ?? [];
      for (const ws of sockets) ws.data = { lives: ((ws.data as { lives: number }).lives ?? 0) + 1 };
    },
    upgrade: () => ({ lives: 0 }),
    message(ws, message, { storage }) {
      names.push(String(message));
      storage.kv.put("names", names);
      ws.send(JSON.stringify([names, ws.data]));
    },
  });
  const client = await room.connect();
  client.send("ann");
  expect(JSON.parse(String(await client.next()))).toEqual([["ann"], { lives: 0 }]);
  for (const [name, lives] of [
    ["ben", 1],
    ["cem", 2],
  ] as const) {
    await room.sleep();
    client.send(name);
    const [known, data] = JSON.parse(String(await client.next())) as [string[], unknown];
    expect([known.at(-1), data]).toEqual([name, { lives }]);
  }
});

test.each([
  [
    "throws",
    () => {
      throw new Error("no memory");
    },
  ],
  ["rejects", () => Promise.reject(new Error("no memory"))],
])(
  "ROOM-24: a `start` that %s fails what has waited for it, and the next event calls it again",
  async (_, fail) => {
    const log = captureErrors();
    const { room, state } = startingRoom();
    const [one, other] = [await room.connect(), await room.connect()];
    await room.sleep();
    state.start = fail;
    one.send("lost");
    expect(await one.closed).toEqual(FAILED);
    expect((await room.handshake()).status).toBe(500);
    expect(log().filter(({ event }) => event === "room.start_failed")[0]).toMatchObject({
      message: "no memory",
    });
    state.start = () => undefined;
    other.send("answered");
    expect(await other.next()).toBe("answered");
  },
);

test("ROOM-24: a `start` that takes too long fails what has waited; it is not called beside itself, and may still end", async () => {
  const expire = stopTimers();
  const log = captureErrors();
  const { room, state } = startingRoom();
  const [one, other] = [await room.connect(), await room.connect()];
  await room.sleep();
  const { promise, resolve } = Promise.withResolvers<void>();
  state.start = () => promise;
  one.send("lost");
  await until(() => state.starts === 2);
  expire();
  expect(await one.closed).toEqual(FAILED);
  expect(log()).toMatchObject([{ event: "room.start_failed" }]);
  other.send("waits");
  await room.sockets();
  resolve();
  expect(await other.next()).toBe("waits");
  expect(state.starts).toBe(2);
});

test("ROOM-25: while `start` hangs, closes are answered, idle sockets are closed, and alarms are set", async () => {
  stopTimers();
  const clock = stopClock();
  const { room, state } = startingRoom({ idleTimeout: 40, tickInterval: 60_000, tick() {} });
  const [leaving, idle] = [await room.connect(), await room.connect()];
  const began = Date.now();
  await room.sleep();
  const { promise, resolve } = Promise.withResolvers<void>();
  state.start = () => promise;
  leaving.send("waits");
  await until(() => state.starts === 2);
  expect(await leaving.close(4000, "bye")).toEqual({ code: 4000, reason: "bye" });
  clock.advance(50_000);
  await room.runAlarm();
  expect((await idle.closed).code).toBe(1001);
  expect(began).toBeLessThan(Date.now());
  resolve();
});

test("ROOM-25: too many messages that wait for `start` close their socket with 1011", async () => {
  stopTimers();
  const { room, state } = startingRoom();
  const [flood, patient] = [await room.connect(), await room.connect()];
  await room.sleep();
  const { promise, resolve } = Promise.withResolvers<void>();
  state.start = () => promise;
  patient.send("patient");
  flood.send(...Array(ROOM_LIMITS.pendingMessages + 1).fill("x"));
  expect(await flood.closed).toEqual(FAILED);
  resolve();
  expect(await patient.next()).toBe("patient");
});
