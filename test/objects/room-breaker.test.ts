import { expect, test } from "vitest";
import type { RoomHandler } from "../../src/rooms/handler.ts";
import { OBJECT_LIMITS, ROOM_LIMITS } from "../../src/shared/limits.ts";
import { stopClock } from "../support/clock.ts";
import { captureLines } from "../support/log.ts";
import { until } from "../support/until.ts";
import { TestRoom } from "./test-room.ts";

const HOUR = 3_600_000;
const PER_HOUR = 60;

/** A room whose alarm sets itself again after `wait` milliseconds, and which tells when it was called. */
function loopingRoom(handler: Partial<RoomHandler> = {}) {
  const calls: number[] = [];
  const loop = { wait: 0 };
  const room = new TestRoom({
    alarmsPerHour: PER_HOUR,
    message(ws, _message, room) {
      room.setAlarm(Date.now());
      ws.send(String(Number(room.getAlarm()) - Date.now()));
    },
    alarm(room) {
      calls.push(Date.now());
      room.setAlarm(Date.now() + loop.wait);
    },
    ...handler,
  });
  return { room, calls, loop };
}

async function begin(room: TestRoom): Promise<void> {
  const client = await room.connect();
  client.send("begin");
  await until(async () => (await room.alarm()) !== null);
  await client.close(1000);
  await room.untilEmpty();
}

/** Lets time pass as the runtime does: the object sleeps whenever nothing comes for ten seconds. */
async function passAsleep(
  { room, calls }: ReturnType<typeof loopingRoom>,
  clock: { advance(milliseconds: number): void },
  hours: number,
): Promise<void> {
  const end = Date.now() + hours * HOUR;
  for (let due = await room.alarm(); due !== null && due <= end; due = await room.alarm()) {
    const wait = Math.max(0, due - Date.now());
    if (wait >= OBJECT_LIMITS.sleepAfter) await room.sleep();
    // An alarm that is due at once is a millisecond late: the clock of the test stands still meanwhile.
    clock.advance(Math.max(1, wait));
    const before = calls.length;
    await room.runAlarmOf(due);
    await until(() => calls.length > before);
    await until(async () => (await room.alarm()) !== null);
  }
  clock.advance(Math.max(0, end - Date.now()));
}

test("BREAK-06: an alarm that sets itself again at once has its hour's budget, then comes ever later, over sleep too", async () => {
  const clock = stopClock();
  const lines = captureLines();
  const looping = loopingRoom();
  const { room, calls, loop } = looping;
  await begin(room);
  await passAsleep(looping, clock, 24);
  // Without a breaker, one for each millisecond: 86,400,000.
  expect(calls.length).toBeGreaterThan(PER_HOUR + 20);
  expect(calls.length).toBeLessThan(PER_HOUR + 40);
  expect(Math.max(...calls.slice(1).map((time, index) => time - (calls[index] ?? 0)))).toBe(
    ROOM_LIMITS.alarmWait,
  );
  const told = () => lines().filter(({ event }) => String(event).startsWith("room.job_"));
  expect(told()).toEqual([{ event: "room.job_slowed", kind: room.kind, job: "alarm", perHour: PER_HOUR }]);
  // The cause ends: it comes on time again, and says so.
  loop.wait = 2 * HOUR;
  await passAsleep(looping, clock, 12);
  expect(told().map(({ event }) => event)).toEqual(["room.job_slowed", "room.job_resumed"]);
  expect(calls.slice(-3).map((time, index, all) => time - (all[index - 1] ?? time))).toEqual([
    0,
    2 * HOUR,
    2 * HOUR,
  ]);
});

test("BREAK-06: it is slowed also when the object is reset each time, and `getAlarm` tells what was set", async () => {
  const clock = stopClock();
  const looping = loopingRoom();
  const { room, calls } = looping;
  await begin(room);
  for (let count = 0; count < PER_HOUR + 3; count += 1) {
    const due = (await room.alarm()) ?? 0;
    clock.advance(Math.max(1, due - Date.now()));
    await room.crash();
    await room.runAlarmOf(due);
    await until(() => calls.length > count);
    await until(async () => (await room.alarm()) !== null);
  }
  expect((await room.alarm()) ?? 0).toBeGreaterThan(Date.now() + 60_000);
  const client = await room.connect();
  client.send("begin again");
  expect(await client.next()).toBe("0");
});

test("BREAK-06: the count rides in the row of the alarm: one within its budget writes no row more", async () => {
  const { room, calls, loop } = loopingRoom();
  const clock = stopClock();
  loop.wait = HOUR;
  await begin(room);
  const due = (await room.alarm()) ?? 0;
  clock.advance(Math.max(1, due - Date.now()));
  await room.runAlarmOf(due);
  await until(() => calls.length === 1);
  expect(await room.inside(({ storage }) => [...storage.kv.list()].map(([key]) => key))).toEqual([
    "poorwill:alarm",
  ]);
});
