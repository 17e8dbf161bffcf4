import { describe, expect, test } from "vitest";
import { ROOM_LIMITS } from "../../src/shared/limits.ts";
import { stopClock } from "../support/clock.ts";
import { captureErrors } from "../support/log.ts";
import { until } from "../support/until.ts";
import { TestRoom } from "./test-room.ts";

const MINUTE = 60_000;

function tickingRoom(options: { tickInterval?: number; idleTimeout?: number } = {}) {
  let ticks = 0;
  const room = new TestRoom({
    tickInterval: MINUTE,
    ...options,
    tick({ sockets }) {
      ticks += 1;
      for (const ws of sockets) ws.send("tick");
    },
    message: (ws, message) => ws.send(message),
  });
  return { room, ticks: () => ticks };
}

test("TICK-01: the runtime's own alarm ticks, again and again", async () => {
  const { room } = tickingRoom({ tickInterval: 100 });
  const client = await room.connect();
  expect(await client.take(3)).toEqual(["tick", "tick", "tick"]);
});

test("TICK-01: ticks stay on the grid that began with the first socket, also when one is late", async () => {
  const clock = stopClock();
  const began = Date.now();
  const { room } = tickingRoom();
  await room.connect();
  expect(await room.alarm()).toBe(began + MINUTE);
  clock.advance(MINUTE + 7_000);
  await room.runAlarm();
  expect(await room.alarm()).toBe(began + 2 * MINUTE);
  await room.sleep();
  clock.advance(3 * MINUTE);
  await room.runAlarm();
  expect(await room.alarm()).toBe(began + 5 * MINUTE);
});

test("TICK-02: one who joins later neither moves the ticks nor adds any", async () => {
  const clock = stopClock();
  const began = Date.now();
  const { room, ticks } = tickingRoom();
  await room.connect();
  clock.advance(MINUTE / 2);
  await room.sleep();
  const late = await room.connect();
  expect(await room.alarm()).toBe(began + MINUTE);
  clock.advance(MINUTE / 2);
  await room.runAlarmOf(began + MINUTE);
  expect(await late.next()).toBe("tick");
  expect(ticks()).toBe(1);
  expect(await room.alarm()).toBe(began + 2 * MINUTE);
});

test("TICK-02: the ticks outlive the one whose arrival began them", async () => {
  const clock = stopClock();
  const began = Date.now();
  const { room } = tickingRoom();
  const first = await room.connect();
  clock.advance(1_000);
  const second = await room.connect();
  await first.close(1000);
  await expect.poll(() => room.sockets()).toBe(1);
  await room.sleep();
  clock.advance(MINUTE);
  await room.runAlarmOf(began + MINUTE);
  expect(await second.next()).toBe("tick");
  expect(await room.alarm()).toBe(began + 2 * MINUTE);
});

test("TICK-03: an alarm that was set for an idle timeout does not tick", async () => {
  const clock = stopClock();
  const began = Date.now();
  const { room, ticks } = tickingRoom({ idleTimeout: 40 });
  const [idle, active] = [await room.connect(), await room.connect()];
  clock.advance(30_000);
  active.send("busy");
  await active.next();
  expect(await room.alarm()).toBe(began + 40_000);
  clock.advance(10_000);
  await room.runAlarmOf(began + 40_000);
  expect((await idle.closed).code).toBe(1001);
  expect(ticks()).toBe(0);
  expect(await room.alarm()).toBe(began + MINUTE);
  clock.advance(20_000);
  await room.runAlarmOf(began + MINUTE);
  expect(ticks()).toBe(1);
});

test("TICK-04: a room without sockets does not tick", async () => {
  const { room, ticks } = tickingRoom();
  const client = await room.connect();
  await client.close(1000);
  await until(async () => (await room.alarm()) === null);
  expect(await room.runAlarm()).toBe(false);
  await room.connect();
  await room.crash();
  expect(await room.runAlarm()).toBe(true);
  expect(ticks()).toBe(0);
  expect(await room.alarm()).toBeNull();
});

test("TICK-04: an interval without a tick sets no alarm", async () => {
  const room = new TestRoom({ tickInterval: MINUTE, message() {} });
  await room.connect();
  expect(await room.alarm()).toBeNull();
});

describe("a client that may be gone", () => {
  const HOUR = ROOM_LIMITS.silence;

  test("TICK-06: who has sent nothing for an hour is closed with 1001, and keeps no ticks alive", async () => {
    const clock = stopClock();
    const { room } = tickingRoom();
    const [silent, speaking] = [await room.connect(), await room.connect()];
    speaking.send("here");
    expect(await speaking.next()).toBe("here");
    await room.sleep();
    clock.advance(HOUR - 1);
    await room.runAlarm();
    expect(await silent.next()).toBe("tick");
    await room.sleep();
    clock.advance(MINUTE);
    await room.runAlarm();
    expect((await silent.closed).code).toBe(1001);
    expect(await speaking.take(2)).toEqual(["tick", "tick"]);
  });

  test("TICK-06: where everybody is silent, the ticks end with them", async () => {
    const clock = stopClock();
    const { room, ticks } = tickingRoom();
    await room.connect();
    clock.advance(HOUR + MINUTE);
    await room.runAlarm();
    const before = ticks();
    await room.runAlarm();
    expect(ticks()).toBe(before);
  });
});

describe("a tick that never ends", () => {
  const never = new Promise<void>(() => {});

  test("TICK-05: it is not begun again, which is a log line, and the next alarm is set", async () => {
    const log = captureErrors();
    let ticks = 0;
    const room = new TestRoom({
      tickInterval: MINUTE,
      tick() {
        ticks += 1;
        return never;
      },
      message: (ws, message) => ws.send(message),
    });
    const client = await room.connect();
    expect(await room.runAlarm()).toBe(true);
    expect(await room.runAlarm()).toBe(true);
    expect(ticks).toBe(1);
    expect(log()).toEqual([expect.objectContaining({ event: "room.tick_skipped" })]);
    expect(await room.alarm()).not.toBeNull();
    client.send("still here");
    expect(await client.next()).toBe("still here");
  });

  test("TICK-05: idle sockets are closed all the same", async () => {
    const clock = stopClock();
    const room = new TestRoom({ tickInterval: MINUTE, idleTimeout: 90, tick: () => never, message() {} });
    const client = await room.connect();
    clock.advance(MINUTE);
    await room.runAlarm();
    clock.advance(2 * MINUTE);
    await room.runAlarm();
    expect((await client.closed).code).toBe(1001);
  });
});
