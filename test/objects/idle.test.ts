import { expect, test } from "vitest";
import type { Attachment } from "../../src/rooms/attachment.ts";
import { ROOM_CLOSES } from "../../src/shared/codes.ts";
import { stopClock } from "../support/clock.ts";
import { TestRoom } from "./test-room.ts";

const SECOND = 1_000;
const IDLE = { code: ROOM_CLOSES.idle.code, reason: ROOM_CLOSES.idle.reason };

/** A room that closes sockets after 40 idle seconds; a quarter of that is 10. */
function idleRoom(): TestRoom {
  return new TestRoom({ idleTimeout: 40, message: (ws, message) => ws.send(message) });
}

async function lastSeen(room: TestRoom): Promise<number> {
  const attachment = await room.inside((state) => state.getWebSockets()[0]?.deserializeAttachment());
  return (attachment as Attachment).seen;
}

test("IDLE-01: a silent socket is closed with 1001 after the timeout, and not earlier", async () => {
  const clock = stopClock();
  const began = Date.now();
  const room = idleRoom();
  const client = await room.connect();
  expect(await room.alarm()).toBe(began + 40 * SECOND);
  clock.advance(40 * SECOND - 1);
  await room.runAlarm();
  client.send("just in time");
  expect(await client.next()).toBe("just in time");
  clock.advance(40 * SECOND);
  await room.runAlarm();
  expect(await client.closed).toEqual(IDLE);
  await room.untilEmpty();
  expect(await room.alarm()).toBeNull();
});

test("IDLE-01: the runtime's own alarm closes it", async () => {
  const room = new TestRoom({ idleTimeout: 0.1, message() {} });
  const client = await room.connect();
  expect(await client.closed).toEqual(IDLE);
});

test("IDLE-02: a message of any kind starts the timeout anew, and what the room sends does not", async () => {
  const clock = stopClock();
  const began = Date.now();
  const room = new TestRoom({
    idleTimeout: 40,
    open: (ws) => ws.subscribe("all"),
    message: (ws, message) => ws.publish("all", message),
  });
  const [speaker, listener] = [await room.connect(), await room.connect()];
  clock.advance(30 * SECOND);
  speaker.send(new ArrayBuffer(0));
  await listener.next();
  clock.advance(10 * SECOND);
  await room.runAlarm();
  expect(await listener.closed).toEqual(IDLE);
  expect(await room.alarm()).toBe(began + 70 * SECOND);
  clock.advance(30 * SECOND);
  await room.runAlarm();
  expect(await speaker.closed).toEqual(IDLE);
});

test("IDLE-03: the timeout survives sleep: never early, and at most half as long again", async () => {
  const clock = stopClock();
  const began = Date.now();
  const room = idleRoom();
  const client = await room.connect();
  clock.advance(9 * SECOND);
  client.send("too soon to be stored");
  await client.next();
  await room.sleep();
  clock.advance(31 * SECOND);
  await room.runAlarm();
  expect(await room.alarm()).toBe(began + 50 * SECOND);
  clock.advance(10 * SECOND);
  await room.runAlarm();
  expect(await client.closed).toEqual(IDLE);
});

test("IDLE-04: when a client was last seen is stored at most every quarter of the timeout", async () => {
  const clock = stopClock();
  const began = Date.now();
  const room = idleRoom();
  const client = await room.connect();
  const stored: number[] = [];
  for (let second = 1; second <= 25; second += 1) {
    clock.advance(SECOND);
    client.send("busy");
    await client.next();
    stored.push((await lastSeen(room)) - began);
  }
  expect(new Set(stored)).toEqual(new Set([0, 11 * SECOND, 22 * SECOND]));
});

test("IDLE-05: many sockets share an alarm", async () => {
  const clock = stopClock();
  const began = Date.now();
  const room = idleRoom();
  const clients = [];
  for (let joined = 0; joined < 5; joined += 1) {
    clients.push(await room.connect());
    clock.advance(SECOND);
  }
  clock.advance(35 * SECOND);
  await room.runAlarm();
  expect(await clients[0]?.closed).toEqual(IDLE);
  expect(await room.alarm()).toBe(began + 50 * SECOND);
  clock.advance(10 * SECOND);
  await room.runAlarm();
  for (const client of clients) expect(await client.closed).toEqual(IDLE);
});

test("ROOM-70: a closed socket whose client never answers causes no alarm", async () => {
  const clock = stopClock();
  const room = idleRoom();
  const response = await room.handshake();
  clock.advance(40 * SECOND);
  await room.runAlarm();
  expect(await room.sockets()).toBe(1);
  expect(await room.alarm()).toBeNull();
  response.webSocket?.accept();
});
