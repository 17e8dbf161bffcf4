import { isLastAttempt, newAlarm, nextAttempt, type StoredAlarm } from "../../src/rooms/stored-alarm.ts";
import { ALARM_KEY } from "./storage.ts";

/** The alarm that a kind sets with `room.setAlarm`, in a row of the room's storage. */
export class KindAlarm {
  readonly #kv: SyncKvStorage;
  #isRunning = false;

  constructor(kv: SyncKvStorage) {
    this.#kv = kv;
  }

  /** When the object must wake for it. */
  get time(): number | undefined {
    return this.#stored?.time;
  }

  /** When it was set to; undefined once it has been called for that time. */
  get setTo(): number | undefined {
    const stored = this.#stored;
    return stored?.attempts === 0 ? stored.time : undefined;
  }

  set(time: number | Date): void {
    this.#kv.put(ALARM_KEY, newAlarm(time));
  }

  delete(): void {
    this.#kv.delete(ALARM_KEY);
  }

  /**
   * Whether it is due, and is to be called now. From here on it is stored for the next attempt, until it has ended: an
   * object that is reset meanwhile has lost nothing.
   */
  take(now: number): boolean {
    const stored = this.#stored;
    if (stored === undefined || stored.time > now) return false;
    const isGivenUp = isLastAttempt(stored);
    if (isGivenUp) this.delete();
    else this.#kv.put(ALARM_KEY, nextAttempt(stored, now));
    if (isGivenUp || this.#isRunning) return false;
    this.#isRunning = true;
    return true;
  }

  /** Notes that a call has ended. One that failed is stored for its next attempt. */
  ended(hasFailed: boolean): void {
    this.#isRunning = false;
    const stored = this.#stored;
    // Without attempts it was set anew while it ran.
    if (stored === undefined || stored.attempts === 0) return;
    if (!hasFailed || isLastAttempt(stored)) this.delete();
  }

  get #stored(): StoredAlarm | undefined {
    const stored = this.#kv.get<StoredAlarm>(ALARM_KEY);
    return stored?.version === 1 ? stored : undefined;
  }
}
