import { expect, test } from "vitest";
import { expectSleeps } from "../../src/testing/sleep.ts";
import { connect } from "./client.ts";
import { TestRoom } from "./test-room.ts";

const GREETING = "Hello from server";

test("ROOM-01: hello greets once, and answers everything with itself", async () => {
  const client = await new TestRoom("hello").connect();
  client.send("text", new Uint8Array([0, 1, 255]));
  expect(await client.take(3)).toEqual([GREETING, "text", new Uint8Array([0, 1, 255]).buffer]);
  expect(client.unread).toEqual([]);
});

test("ROOM-02: hello greets every 15 seconds while a socket is open, and sleeps in between", async () => {
  const room = new TestRoom("hello");
  const before = Date.now();
  const client = await room.connect();
  await client.next();
  const first = (await room.alarm()) ?? 0;
  expect(first).toBeGreaterThanOrEqual(before + 15_000);
  expect(first).toBeLessThanOrEqual(Date.now() + 15_000);
  for (let tick = 1; tick <= 3; tick += 1) {
    await expectSleeps(room.path);
    expect(await room.runAlarm()).toBe(true);
    expect(await client.next()).toBe(GREETING);
    expect(await room.alarm()).not.toBeNull();
  }
  client.send("only this");
  expect(await client.next()).toBe("only this");
});

test("SLEEP-08: hello frees its storage when its last visitor leaves", async () => {
  const room = new TestRoom("hello");
  const [one, other] = [await room.connect(), await room.connect()];
  await one.close(1000);
  expect(await room.alarm()).not.toBeNull();
  await other.close(1000);
  await room.untilEmpty();
  expect(await room.alarm()).toBeNull();
});

test("ROUTE-01: a visitor of /ws is greeted at once", async () => {
  const client = await connect("/ws");
  expect(await client.next()).toBe(GREETING);
});
