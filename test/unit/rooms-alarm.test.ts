import { expect, test } from "vitest";
import { nextAlarm } from "../../src/rooms/next-alarm.ts";
import {
  afterFailure,
  isLastAttempt,
  newAlarm,
  nextAttempt,
  type StoredAlarm,
} from "../../src/rooms/stored-alarm.ts";
import { ROOM_LIMITS } from "../../src/shared/limits.ts";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;
const nothing = {
  tickOrigin: undefined,
  tickInterval: 0,
  idleTimeout: 0,
  idleDeadline: Number.POSITIVE_INFINITY,
  alarm: undefined,
};

test("ROOM-29: a room that waits for nothing needs no alarm", () => {
  expect(nextAlarm(nothing, NOW)).toBeUndefined();
  expect(nextAlarm({ ...nothing, tickOrigin: NOW - 10 }, NOW)).toBeUndefined();
});

test("ROOM-29: the alarm of the kind needs no socket, and ticks and idle timeouts do", () => {
  const empty = { ...nothing, tickInterval: 100, idleTimeout: 400, idleDeadline: NOW + 50 };
  expect(nextAlarm(empty, NOW)).toBeUndefined();
  expect(nextAlarm({ ...empty, alarm: NOW + 5_000 }, NOW)).toBe(NOW + 5_000);
});

test.each([
  ["the tick", { alarm: NOW + 500, idleDeadline: NOW + 400 }, NOW + 90],
  ["the idle timeout", { tickInterval: 10_000, alarm: NOW + 500, idleDeadline: NOW + 400 }, NOW + 400],
  ["a check of idle sockets that is shared", { tickInterval: 10_000, idleDeadline: NOW + 1 }, NOW + 100],
  ["the alarm of the kind", { alarm: NOW + 20, idleDeadline: NOW + 400 }, NOW + 20],
  ["an alarm that is late", { alarm: NOW - 20 }, NOW - 20],
])("ROOM-29: what is due first is %s", (_, waiting, next) => {
  const room = { ...nothing, tickOrigin: NOW - 10, tickInterval: 100, idleTimeout: 400 };
  expect(nextAlarm({ ...room, ...waiting }, NOW)).toBe(next);
});

test("ROOM-30: an alarm is called once, and again six times with twice the delay each time", () => {
  let alarm: StoredAlarm = newAlarm(NOW);
  const delays: number[] = [];
  while (!isLastAttempt(alarm)) {
    alarm = nextAttempt(alarm, NOW);
    delays.push(alarm.time - NOW);
  }
  expect(delays).toHaveLength(1 + ROOM_LIMITS.alarmRetries);
  expect(delays).toEqual(delays.map((_, attempt) => ROOM_LIMITS.alarmRetryDelay * 2 ** attempt));
});

test("ROOM-30: the delay begins when a call has failed", () => {
  const running = nextAttempt(nextAttempt(newAlarm(NOW), NOW), NOW);
  expect(afterFailure(running, NOW + 60_000)).toEqual({
    ...running,
    time: NOW + 60_000 + 2 * ROOM_LIMITS.alarmRetryDelay,
  });
});

test.each([
  ["an alarm at the beginning of time", { alarm: 0 }, 1],
  ["an idle timeout that is longer than any life", { idleDeadline: 1e300 }, ROOM_LIMITS.latestAlarm],
])("ROOM-29: the object's alarm is a time that the runtime takes, for %s", (_, waiting, next) => {
  expect(nextAlarm({ ...nothing, tickOrigin: NOW, idleTimeout: 1, ...waiting }, NOW)).toBe(next);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1, new Date("never"), ROOM_LIMITS.latestAlarm + 1])(
  "ROOM-29: %s is no time for an alarm",
  (time) => {
    expect(() => newAlarm(time)).toThrow(RangeError);
  },
);

test("ROOM-29: an alarm takes a Date, or milliseconds", () => {
  expect(newAlarm(new Date(NOW)).time).toBe(NOW);
  expect(newAlarm(NOW + 0.7).time).toBe(NOW);
});

test.each([
  ["ticks", { tickInterval: 250 }, 4 * 3_600],
  ["idle timeouts", { idleTimeout: 4_000, idleDeadline: NOW }, 3_600],
])(
  "BREAK-07: %s come no more often in an hour than their interval says, also where alarms are late",
  (_, options, most) => {
    const waiting = { ...nothing, tickOrigin: NOW, ...options };
    let alarms = 0;
    for (let now = NOW; now < NOW + HOUR; alarms += 1) {
      // Every third one is late, by up to three seconds.
      const late = alarms % 3 === 0 ? (alarms * 7) % 3_000 : 0;
      now = (nextAlarm(waiting, now) ?? Number.POSITIVE_INFINITY) + late;
    }
    expect(alarms).toBeLessThanOrEqual(most);
  },
);
