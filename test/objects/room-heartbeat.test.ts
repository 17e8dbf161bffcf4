import { expect, test } from "vitest";
import type { RoomHandler } from "../../src/rooms/handler.ts";
import { ROOM_CLOSES } from "../../src/shared/codes.ts";
import { ROOM_LIMITS } from "../../src/shared/limits.ts";
import { stopClock } from "../support/clock.ts";
import { testKinds } from "./kinds.ts";
import { TestRoom } from "./test-room.ts";

const heartbeat = { request: "ping", response: "pong" };
const HOUR = 3_600_000;
const IDLE = { code: ROOM_CLOSES.idle.code, reason: ROOM_CLOSES.idle.reason };

/** A room that answers everything with what it got, and counts how often it has woken. */
function beatingRoom(more: Partial<RoomHandler> = {}) {
  let lives = 0;
  const room = new TestRoom({
    heartbeat,
    start() {
      lives += 1;
    },
    message: (ws, message) => ws.send(`heard ${message}`),
    ...more,
  });
  return { room, lives: () => lives };
}

test("IDLE-07 ROOM-05: a heartbeat is answered without waking the room, and no handler sees it", async () => {
  const { room, lives } = beatingRoom();
  const client = await room.connect();
  client.send("ping");
  expect(await client.next()).toBe("pong");
  await room.sleep();
  client.send("ping", "ping");
  expect(await client.take(2)).toEqual(["pong", "pong"]);
  expect(lives()).toBe(1);
  client.send("Ping", "ping ", new Uint8Array([0x70, 0x69, 0x6e, 0x67]));
  expect(await client.take(2)).toEqual(["heard Ping", "heard ping "]);
  expect(await client.next()).toContain("heard");
  expect(lives()).toBe(2);
});

test("IDLE-07: heartbeats count for no rate", async () => {
  const { room } = beatingRoom({ rateLimit: { perSecond: 0, burst: 1 } });
  const client = await room.connect();
  client.send(...Array<string>(50).fill("ping"));
  expect(await client.take(50)).toEqual(Array(50).fill("pong"));
  client.send("once");
  expect(await client.next()).toBe("heard once");
});

test("ROOM-05 IDLE-07: without a heartbeat a client gets only what the handler sends", async () => {
  const room = new TestRoom({ message: (ws, message) => ws.send(`heard ${message}`) });
  const client = await room.connect();
  await room.sleep();
  client.send("ping");
  expect(await client.next()).toBe("heard ping");
});

test.each([true, false])("IDLE-08: a heartbeat restarts the idle timeout (asleep: %s)", async (asleep) => {
  // The runtime notes heartbeats by its own clock: the connections were opened three quarters of an hour before.
  const clock = stopClock(-0.75 * HOUR);
  const { room } = beatingRoom({ idleTimeout: HOUR / 1_000 });
  const [beating, gone] = [await room.connect(), await room.connect()];
  if (asleep) await room.sleep();
  beating.send("ping");
  expect(await beating.next()).toBe("pong");
  if (asleep) await room.sleep();
  clock.advance(1.3 * HOUR);
  await room.runAlarm();
  expect(await gone.closed).toEqual(IDLE);
  beating.send("here");
  expect(await beating.next()).toBe("heard here");
});

test("IDLE-08: who stops to beat is closed", async () => {
  const clock = stopClock(-0.75 * HOUR);
  const { room } = beatingRoom({ idleTimeout: HOUR / 1_000 });
  const client = await room.connect();
  client.send("ping");
  await client.next();
  await room.sleep();
  clock.advance(1.5 * HOUR);
  await room.runAlarm();
  expect(await room.alarm()).toBeGreaterThan(Date.now());
  clock.advance(0.6 * HOUR);
  await room.runAlarm();
  expect(await client.closed).toEqual(IDLE);
});

test("IDLE-08: in a room that ticks, who beats is not silent", async () => {
  const clock = stopClock();
  const { room } = beatingRoom({ tickInterval: 60_000, tick() {} });
  const [beating, silent] = [await room.connect(), await room.connect()];
  beating.send("ping");
  await beating.next();
  await room.sleep();
  clock.advance(ROOM_LIMITS.silence + 1);
  await room.runAlarm();
  expect(await silent.closed).toEqual(IDLE);
  beating.send("here");
  expect(await beating.next()).toBe("heard here");
});

test.each([
  ["changes it", { request: "beat", response: "back" }, "beat", "back"],
  ["takes it away", undefined, "ping", "heard ping"],
])("IDLE-09: a deploy that %s is heeded when the room wakes", async (_, changed, sent, answer) => {
  const { room } = beatingRoom();
  const client = await room.connect();
  await room.sleep();
  const { heartbeat: _before, ...handler } = testKinds[room.kind] ?? { message() {} };
  testKinds[room.kind] = changed ? { ...handler, heartbeat: changed } : handler;
  client.send("wake");
  expect(await client.next()).toBe("heard wake");
  client.send(sent);
  expect(await client.next()).toBe(answer);
});
