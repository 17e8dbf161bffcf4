import { expect, test } from "vitest";
import type { RoomContext, RoomHandler } from "../../src/rooms/handler.ts";
import { ROOM_LIMITS } from "../../src/shared/limits.ts";
import { stopClock } from "../support/clock.ts";
import { captureErrors } from "../support/log.ts";
import { until } from "../support/until.ts";
import { testKinds } from "./kinds.ts";
import { TestRoom } from "./test-room.ts";

const MINUTE = 60_000;

/** A room whose clients set its alarm, so many milliseconds from now; it counts its calls, in memory of the test. */
function alarmRoom(handler: Partial<RoomHandler> = {}) {
  const calls: number[] = [];
  const room = new TestRoom({
    message(ws, message, room) {
      if (message === "delete") room.deleteAlarm();
      else room.setAlarm(Date.now() + Number(message));
      ws.send(String(room.getAlarm()));
    },
    alarm() {
      calls.push(Date.now());
    },
    ...handler,
  });
  return { room, calls };
}

async function setAlarm(room: TestRoom, delay: number): Promise<void> {
  const client = await room.connect();
  client.send(String(delay));
  await client.next();
  await client.close(1000);
  await room.untilEmpty();
}

test("ROOM-29: the runtime's own alarm calls `alarm`, and the room knows none afterwards", async () => {
  const { room, calls } = alarmRoom();
  await setAlarm(room, 50);
  await until(() => calls.length === 1);
  await until(async () => (await room.alarm()) === null);
  const client = await room.connect();
  client.send("delete");
  expect(await client.next()).toBe("undefined");
});

test("ROOM-29: it is called when everybody has left and the object has slept, and finds what was stored", async () => {
  const clock = stopClock();
  const told: unknown[] = [];
  const { room } = alarmRoom({
    open: (_ws, { storage }) => storage.kv.put("guest", "ada"),
    alarm: ({ storage }) => told.push(storage.kv.get("guest")),
  });
  await setAlarm(room, MINUTE);
  const due = Date.now() + MINUTE;
  await room.sleep();
  expect(await room.alarm()).toBe(due);
  clock.advance(MINUTE);
  await room.runAlarm();
  await until(() => told.length > 0);
  expect(told).toEqual(["ada"]);
  await room.sleep();
  expect(await room.inside(({ storage }) => storage.kv.get("guest"))).toBe("ada");
  await until(async () => (await room.alarm()) === null);
});

test("ROOM-29: another time replaces it, also a later one, and `deleteAlarm` deletes it", async () => {
  const clock = stopClock();
  const { room, calls } = alarmRoom();
  const client = await room.connect();
  for (const delay of [2 * MINUTE, MINUTE, 3 * MINUTE]) {
    client.send(String(delay));
    expect(await client.next()).toBe(String(Date.now() + delay));
    await until(async () => (await room.alarm()) === Date.now() + delay);
  }
  clock.advance(2 * MINUTE);
  await room.runAlarm();
  expect(calls).toEqual([]);
  client.send("delete");
  expect(await client.next()).toBe("undefined");
  await until(async () => (await room.alarm()) === null);
});

test("ROOM-29: it moves no tick and no idle timeout, and they do not move it", async () => {
  const clock = stopClock();
  const began = Date.now();
  const ticks: number[] = [];
  const { room, calls } = alarmRoom({
    tickInterval: MINUTE,
    idleTimeout: 90,
    tick: () => ticks.push(Date.now() - began),
  });
  const [client, idle] = [await room.connect(), await room.connect()];
  clock.advance(MINUTE / 2);
  client.send(String(MINUTE));
  await client.next();
  expect(await room.alarm()).toBe(began + MINUTE);
  await room.sleep();
  clock.advance(MINUTE / 2);
  await room.runAlarmOf(began + MINUTE);
  await until(() => ticks.length === 1);
  expect(calls).toEqual([]);
  await room.sleep();
  clock.advance(MINUTE / 2);
  await room.runAlarmOf(began + 1.5 * MINUTE);
  await until(() => calls.length === 1);
  expect(ticks).toEqual([MINUTE]);
  expect(calls).toEqual([began + 1.5 * MINUTE]);
  clock.advance(MINUTE / 2);
  await room.runAlarmOf(began + 2 * MINUTE);
  expect((await idle.closed).code).toBe(1001);
});

test("ROOM-29: a room that sets its alarm again and again closes idle sockets all the same", async () => {
  const clock = stopClock();
  const { room } = alarmRoom({ idleTimeout: 40 });
  const [busy, idle] = [await room.connect(), await room.connect()];
  for (let seconds = 0; seconds < 60; seconds += 5) {
    clock.advance(5_000);
    busy.send(String(MINUTE));
    await busy.next();
  }
  expect((await idle.closed).code).toBe(1001);
});

test("ROOM-30: an alarm that fails is a log line, and is called again after two seconds, then after four", async () => {
  const clock = stopClock();
  const log = captureErrors();
  let failures = 2;
  const { room, calls } = alarmRoom({
    alarm() {
      calls.push(Date.now());
      failures -= 1;
      if (failures >= 0) throw new Error("not yet");
    },
  });
  await setAlarm(room, MINUTE);
  clock.advance(MINUTE);
  for (const delay of [ROOM_LIMITS.alarmRetryDelay, 2 * ROOM_LIMITS.alarmRetryDelay]) {
    const count = calls.length;
    await room.runAlarm();
    await until(() => calls.length > count);
    await until(async () => (await room.alarm()) === Date.now() + delay);
    await room.sleep();
    clock.advance(delay);
  }
  await room.runAlarm();
  await until(() => calls.length === 3);
  await until(async () => (await room.alarm()) === null);
  expect(log()).toHaveLength(2);
  expect(log()).toMatchObject([{ event: "room.alarm_failed", message: "not yet" }, {}]);
});

test("ROOM-30: an alarm that always fails is given up, and then stores nothing", async () => {
  const clock = stopClock();
  captureErrors();
  const { room, calls } = alarmRoom({
    alarm() {
      calls.push(Date.now());
      throw new Error("never");
    },
  });
  await setAlarm(room, MINUTE);
  clock.advance(MINUTE);
  for (let attempt = 1; attempt <= 1 + ROOM_LIMITS.alarmRetries; attempt += 1) {
    await room.runAlarm();
    await until(() => calls.length === attempt);
    clock.advance(60 * MINUTE);
  }
  await until(async () => (await room.alarm()) === null);
  expect(await room.inside(({ storage }) => [...storage.kv.list()])).toEqual([]);
});

/** A room whose alarm never ends the first time. */
function hangingRoom() {
  const { promise: never } = Promise.withResolvers<void>();
  const hanging = alarmRoom({
    alarm() {
      hanging.calls.push(Date.now());
      return hanging.calls.length === 1 ? never : undefined;
    },
  });
  return hanging;
}

test("ROOM-30: an object that is reset while its alarm runs calls it again", async () => {
  const clock = stopClock();
  const { room, calls } = hangingRoom();
  await setAlarm(room, MINUTE);
  clock.advance(MINUTE);
  await room.runAlarm();
  await until(() => calls.length === 1);
  await room.inside((state) => state.abort()).catch(() => {});
  clock.advance(ROOM_LIMITS.alarmRetryDelay);
  await room.runAlarm();
  await until(() => calls.length === 2);
  await until(async () => (await room.alarm()) === null);
});

test("ROOM-30: an alarm that still runs is not called again beside itself", async () => {
  const clock = stopClock();
  const { room, calls } = hangingRoom();
  await setAlarm(room, MINUTE);
  clock.advance(MINUTE);
  await room.runAlarm();
  await until(() => calls.length === 1);
  clock.advance(ROOM_LIMITS.alarmRetryDelay);
  await room.runAlarm();
  expect(calls).toHaveLength(1);
  await room.inside((state) => state.abort()).catch(() => {});
});

test("ROOM-30: an alarm that sets itself again while it runs is called at that time", async () => {
  const clock = stopClock();
  const { room } = alarmRoom({ alarm: (room: RoomContext) => room.setAlarm(Date.now() + MINUTE) });
  await setAlarm(room, MINUTE);
  clock.advance(MINUTE);
  await room.runAlarm();
  await until(async () => (await room.alarm()) === Date.now() + MINUTE);
});

test("ROOM-30: an alarm that is set anew while it runs, and falls due before it has ended, is called then", async () => {
  const clock = stopClock();
  const { promise: first, resolve: end } = Promise.withResolvers<void>();
  const { room, calls } = alarmRoom({
    alarm(room: RoomContext) {
      calls.push(Date.now());
      if (calls.length > 1) return;
      room.setAlarm(Date.now() + MINUTE);
      return first;
    },
  });
  await setAlarm(room, MINUTE);
  for (const count of [1, 1]) {
    clock.advance(MINUTE);
    await room.runAlarm();
    await until(() => calls.length === count);
  }
  end();
  await until(async () => (await room.runAlarm()) && calls.length === 2);
  await until(async () => (await room.alarm()) === null);
});

test("ROOM-30: an alarm that runs for long uses up no attempt, and is looked after ever less often", async () => {
  const clock = stopClock();
  const { room, calls } = hangingRoom();
  await setAlarm(room, MINUTE);
  clock.advance(MINUTE);
  await room.runAlarm();
  await until(() => calls.length === 1);
  const began = Date.now();
  for (let look = 0; look < 3 * ROOM_LIMITS.alarmRetries; look += 1) {
    clock.advance(((await room.alarm()) ?? Number.NaN) - Date.now());
    await room.runAlarm();
  }
  expect(Date.now() - began).toBe(ROOM_LIMITS.alarmRetryDelay * 2 ** (3 * ROOM_LIMITS.alarmRetries - 1));
  await room.inside((state) => state.abort()).catch(() => {});
  clock.advance(((await room.alarm()) ?? Number.NaN) - Date.now());
  await room.runAlarm();
  await until(() => calls.length === 2);
});

test("ROOM-29: an alarm may be set to any time up to the latest, and the room stays usable", async () => {
  const { room, calls } = alarmRoom({
    message(ws, message, room) {
      room.setAlarm(Number(message));
      ws.send("set");
    },
  });
  const client = await room.connect();
  client.send(String(ROOM_LIMITS.latestAlarm));
  expect(await client.next()).toBe("set");
  await until(async () => (await room.alarm()) === ROOM_LIMITS.latestAlarm);
  client.send("0");
  expect(await client.next()).toBe("set");
  await until(() => calls.length === 1);
  await room.connect();
});

test("ROOM-29: a kind without `alarm` cannot set one", async () => {
  const room = new TestRoom({
    message(ws, _message, room) {
      try {
        room.setAlarm(Date.now());
      } catch (failure) {
        ws.send(String(failure));
      }
    },
  });
  const client = await room.connect();
  client.send("set");
  expect(await client.next()).toContain("no function alarm");
});

test("ROOM-33: an alarm that comes while its kind is gone is called when the kind is back and somebody comes", async () => {
  const clock = stopClock();
  const { room, calls } = alarmRoom();
  await setAlarm(room, MINUTE);
  const handler = testKinds[room.kind];
  await room.sleep();
  delete testKinds[room.kind];
  clock.advance(MINUTE);
  await room.runAlarm();
  await room.sleep();
  if (handler) testKinds[room.kind] = handler;
  await room.connect();
  await until(async () => (await room.alarm()) !== null);
  await room.runAlarm();
  await until(() => calls.length === 1);
});

test("STORE-23: an alarm that an earlier build has stored is called, and one of a form that is not known yet is left alone", async () => {
  const clock = stopClock();
  const { room, calls } = alarmRoom();
  const store = (version: number) =>
    room.inside(({ storage }) => {
      storage.kv.put("poorwill:alarm", { version, time: Date.now() + MINUTE, attempts: 0 });
      return storage.setAlarm(Date.now() + MINUTE);
    });
  await store(1);
  await room.sleep();
  clock.advance(MINUTE);
  await room.runAlarm();
  await until(() => calls.length === 1);
  await until(async () => (await room.alarm()) === null);
  await store(2);
  await room.sleep();
  clock.advance(MINUTE);
  await room.runAlarm();
  await room.sleep();
  expect(calls).toHaveLength(1);
  expect(await room.inside(({ storage }) => storage.kv.get("poorwill:alarm"))).toMatchObject({ version: 2 });
});
