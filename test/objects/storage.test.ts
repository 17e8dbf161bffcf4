import { expect, test } from "vitest";
import { accept } from "./client.ts";
import { addKind, testKinds } from "./kinds.ts";
import { TestRoom } from "./test-room.ts";

async function stored(room: TestRoom) {
  return room.inside(async ({ storage }) => ({
    alarm: await storage.getAlarm(),
    keys: [...(await storage.list()).keys()],
    tables: storage.sql.exec("SELECT name FROM sqlite_master").toArray(),
    bytes: storage.sql.databaseSize,
  }));
}

async function storedBeforeUse(): Promise<number> {
  return (await stored(new TestRoom("echo"))).bytes;
}

test.each(["echo", "broadcast"])("SLEEP-07: a room of kind %s stores nothing", async (kind) => {
  const room = new TestRoom(kind);
  const [one, other] = [await room.connect(), await room.connect()];
  one.send("a message");
  await (kind === "echo" ? one : other).next();
  await room.sleep();
  one.send("another one");
  await (kind === "echo" ? one : other).next();
  const nothing = { alarm: null, keys: [], tables: [], bytes: await storedBeforeUse() };
  expect(await stored(room)).toEqual(nothing);
  await one.close(1000);
  await other.close(1000);
  await room.untilEmpty();
  expect(await stored(room)).toEqual(nothing);
});

test("SLEEP-07: a room with data and topics stores nothing", async () => {
  const room = new TestRoom({
    upgrade: () => ({ name: "ada" }),
    open: (ws) => ws.subscribe("all"),
    message: (ws, message) => ws.send(message),
  });
  const client = await room.connect();
  client.send("x");
  await client.next();
  expect(await stored(room)).toEqual({ alarm: null, keys: [], tables: [], bytes: await storedBeforeUse() });
});

test.each([false, true])(
  "SLEEP-08: an empty hello room has no storage (left after sleep: %s)",
  async (afterSleep) => {
    const room = new TestRoom("hello");
    const client = await room.connect();
    expect((await stored(room)).bytes).toBeGreaterThan(await storedBeforeUse());
    if (afterSleep) await room.sleep();
    await client.close(1000);
    await room.untilEmpty();
    await expect
      .poll(() => stored(room))
      .toEqual({ alarm: null, keys: [], tables: [], bytes: await storedBeforeUse() });
  },
);

test("SLEEP-08: a hello room that lost its sockets frees its storage with the next alarm", async () => {
  const room = new TestRoom("hello");
  await room.connect();
  await room.crash();
  expect(await room.runAlarm()).toBe(true);
  expect(await stored(room)).toMatchObject({ alarm: null, bytes: await storedBeforeUse() });
});

test("SLEEP-08: the last socket is gone although the runtime still has it while its close is handled", async () => {
  const room = new TestRoom({ idleTimeout: 60, message() {} });
  const mute = [await room.handshake(), await room.handshake()];
  await room.sleep();
  await room.reportVanished();
  expect(await room.sockets()).toBe(2);
  expect(await room.alarm()).toBeNull();
  for (const response of mute) accept(response);
});

test("SLEEP-08: a room whose kind is no more frees its storage with the next alarm", async () => {
  const kind = addKind({ idleTimeout: 60, message() {} });
  const room = new TestRoom(kind);
  await room.connect();
  await room.sleep();
  delete testKinds[kind];
  expect(await room.runAlarm()).toBe(true);
  expect(await stored(room)).toMatchObject({ alarm: null, bytes: await storedBeforeUse() });
});

test("SLEEP-08: a visitor who comes while the last one leaves is greeted on time", async () => {
  const room = new TestRoom("hello");
  const leaving = await room.connect();
  await leaving.next();
  const [closing, staying] = await Promise.all([leaving.close(1000), room.connect()]);
  expect(closing.code).toBe(1000);
  expect(await staying.next()).toBe("Hello from server");
  await expect.poll(() => room.sockets()).toBe(1);
  expect(await room.runAlarm()).toBe(true);
  expect(await staying.next()).toBe("Hello from server");
});

test("SLEEP-08: a `close` that never ends keeps no storage", async () => {
  const room = new TestRoom({
    tickInterval: 60_000,
    tick() {},
    message() {},
    close: () => new Promise(() => {}),
  });
  const client = await room.connect();
  await client.close(1000);
  await expect
    .poll(() => stored(room))
    .toEqual({ alarm: null, keys: [], tables: [], bytes: await storedBeforeUse() });
});
