import type { RoomCounters } from "../../src/metrics/room-counters.ts";
import type { ResolvedOptions } from "../../src/rooms/options.ts";
import {
  afterFailure,
  isLastAttempt,
  newAlarm,
  nextAttempt,
  type StoredAlarm,
} from "../../src/rooms/stored-alarm.ts";
import { ROOM_LIMITS } from "../../src/shared/limits.ts";
import { logEvent } from "../../src/shared/log.ts";
import {
  afterWake,
  changeOf,
  fullPace,
  hadToWait,
  nextWake,
  type WakeBudget,
  type WakePace,
} from "../../src/shared/wake-pace.ts";
import { ALARM_KEY } from "./storage.ts";

/** What the alarm of a kind is made of. */
interface AlarmParts {
  readonly kind: string;
  readonly options: Pick<ResolvedOptions, "alarmsPerHour">;
  readonly counters: Pick<RoomCounters, "slowedAlarms" | "rowsWritten">;
}

/**
 * The alarm that a kind sets with `room.setAlarm`, in a row of the room's storage. One that is set again and again comes
 * later and later, once its hour's budget is used up.
 */
export class KindAlarm {
  readonly #kv: SyncKvStorage;
  readonly #parts: AlarmParts;
  readonly #budget: WakeBudget;
  /** As far as it is known in memory: it goes with the row of an alarm that has ended. */
  #pace: WakePace | undefined;
  /** When the call that runs has begun. */
  #began: number | undefined;
  /** While a call runs, when to look again whether it has ended. */
  #notBefore = 0;

  constructor(kv: SyncKvStorage, parts: AlarmParts) {
    this.#kv = kv;
    this.#parts = parts;
    this.#budget = { perHour: parts.options.alarmsPerHour, longestWait: ROOM_LIMITS.alarmWait };
  }

  /** When the object must wake for it. */
  get time(): number | undefined {
    const stored = this.#stored;
    return stored && Math.max(this.#timeOf(stored), this.#notBefore);
  }

  /** When it was set to; undefined once it has been called for that time. */
  get setTo(): number | undefined {
    const stored = this.#stored;
    return stored?.attempts === 0 ? stored.time : undefined;
  }

  set(time: number | Date): void {
    this.#store(newAlarm(time));
  }

  delete(): void {
    if (this.#kv.delete(ALARM_KEY)) this.#parts.counters.rowsWritten += 1;
  }

  /**
   * Whether it is due, and is to be called now. From here on it is stored for the next attempt, until it has ended: an
   * object that is reset meanwhile has lost nothing.
   */
  take(now: number): boolean {
    const stored = this.#stored;
    if (stored === undefined || this.#timeOf(stored) > now) return false;
    if (this.#began !== undefined) {
      // No attempt is used up. With each time the wait doubles: a call that never ends costs next to nothing.
      this.#notBefore = now + Math.max(now - this.#began, ROOM_LIMITS.alarmRetryDelay);
      return false;
    }
    const isGivenUp = isLastAttempt(stored);
    if (isGivenUp) this.delete();
    else this.#begin(stored, now);
    return !isGivenUp;
  }

  /** Notes that a call has ended. One that failed is stored for its next attempt. */
  ended(hasFailed: boolean, now: number): void {
    this.#began = undefined;
    this.#notBefore = 0;
    const stored = this.#stored;
    // Without attempts it was set anew while it ran.
    if (stored === undefined || stored.attempts === 0) return;
    if (!hasFailed || isLastAttempt(stored)) this.delete();
    else this.#store(afterFailure(stored, now));
  }

  #begin(stored: StoredAlarm, now: number): void {
    this.#began = now;
    const before = this.#knownPace ?? fullPace(this.#budget);
    this.#pace = afterWake(before, this.#budget, stored.time, now);
    this.#store(nextAttempt(stored, now));
    const { kind, counters, options } = this.#parts;
    if (hadToWait(before, this.#budget, stored.time)) counters.slowedAlarms += 1;
    const change = changeOf(before, this.#pace);
    if (change === undefined) return;
    const event = change === "slowed" ? "room.job_slowed" : "room.job_resumed";
    logEvent(event, { kind, job: "alarm", perHour: options.alarmsPerHour });
  }

  /** The pace rides in the row of the alarm, which is written anyway. */
  #store(alarm: StoredAlarm): void {
    const pace = this.#knownPace;
    this.#parts.counters.rowsWritten += 1;
    this.#kv.put(ALARM_KEY, pace ? { ...alarm, pace } : alarm);
  }

  /** When it may be called: when it was set to, or later where it has been called too often. */
  #timeOf({ time }: StoredAlarm): number {
    const pace = this.#knownPace;
    return pace ? Math.max(time, nextWake(pace, this.#budget)) : time;
  }

  get #knownPace(): WakePace | undefined {
    this.#pace ??= this.#stored?.pace;
    return this.#pace;
  }

  get #stored(): StoredAlarm | undefined {
    const stored = this.#kv.get<StoredAlarm>(ALARM_KEY);
    return stored?.version === 1 ? stored : undefined;
  }
}
