import type { RoomCounters } from "../../src/metrics/room-counters.ts";
import {
  afterFailure,
  isLastAttempt,
  newAlarm,
  nextAttempt,
  type StoredAlarm,
} from "../../src/rooms/stored-alarm.ts";
import { ROOM_LIMITS } from "../../src/shared/limits.ts";
import { ALARM_KEY } from "./storage.ts";

/** The alarm that a kind sets with `room.setAlarm`, in a row of the room's storage. */
export class KindAlarm {
  readonly #kv: SyncKvStorage;
  readonly #counters: Pick<RoomCounters, "rowsWritten">;
  /** When the call that runs has begun. */
  #began: number | undefined;
  /** While a call runs, when to look again whether it has ended. */
  #notBefore = 0;

  constructor(kv: SyncKvStorage, counters: Pick<RoomCounters, "rowsWritten">) {
    this.#kv = kv;
    this.#counters = counters;
  }

  /** When the object must wake for it. */
  get time(): number | undefined {
    const stored = this.#stored;
    return stored && Math.max(stored.time, this.#notBefore);
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
    if (this.#kv.delete(ALARM_KEY)) this.#counters.rowsWritten += 1;
  }

  /**
   * Whether it is due, and is to be called now. From here on it is stored for the next attempt, until it has ended: an
   * object that is reset meanwhile has lost nothing.
   */
  take(now: number): boolean {
    const stored = this.#stored;
    if (stored === undefined || stored.time > now) return false;
    if (this.#began !== undefined) {
      // No attempt is used up. With each time the wait doubles: a call that never ends costs next to nothing.
      this.#notBefore = now + Math.max(now - this.#began, ROOM_LIMITS.alarmRetryDelay);
      return false;
    }
    const isGivenUp = isLastAttempt(stored);
    if (isGivenUp) this.delete();
    else this.#store(nextAttempt(stored, now));
    if (!isGivenUp) this.#began = now;
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

  #store(alarm: StoredAlarm): void {
    this.#counters.rowsWritten += 1;
    this.#kv.put(ALARM_KEY, alarm);
  }

  get #stored(): StoredAlarm | undefined {
    const stored = this.#kv.get<StoredAlarm>(ALARM_KEY);
    return stored?.version === 1 ? stored : undefined;
  }
}
