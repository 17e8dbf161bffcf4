import { ROOM_LIMITS } from "../shared/limits.ts";
import type { WakePace } from "../shared/wake-pace.ts";

/** The alarm of `room.setAlarm`, as it is stored. */
export interface StoredAlarm {
  readonly version: 1;
  /** When `alarm` is to be called, or called again, in milliseconds since the epoch. */
  readonly time: number;
  /** How often it has been called for this time. */
  readonly attempts: number;
  /** How the alarm keeps to its budget, once it has been called. Builds before 0.3 know none. */
  readonly pace?: WakePace;
}

/** The alarm that a time is stored as. Throws RangeError for a time that is none, or that the runtime cannot wait for. */
export function newAlarm(time: number | Date): StoredAlarm {
  const milliseconds = Math.floor(Number(time));
  if (!(milliseconds >= 0 && milliseconds <= ROOM_LIMITS.latestAlarm))
    throw new RangeError("an alarm needs a time before 2189");
  return { version: 1, time: milliseconds, attempts: 0 };
}

/**
 * What is stored while `alarm` runs: the time at which it is called again, should the object be reset meanwhile or the
 * call fail.
 */
export function nextAttempt({ attempts }: StoredAlarm, now: number): StoredAlarm {
  return afterFailure({ version: 1, time: now, attempts: attempts + 1 }, now);
}

/** What is stored when a call has failed: the delay begins with the failure. */
export function afterFailure(alarm: StoredAlarm, now: number): StoredAlarm {
  return { ...alarm, time: now + ROOM_LIMITS.alarmRetryDelay * 2 ** (alarm.attempts - 1) };
}

/** Whether it is not called once more: it has been called, and tried again as often as it may. */
export function isLastAttempt({ attempts }: StoredAlarm): boolean {
  return attempts > ROOM_LIMITS.alarmRetries;
}
