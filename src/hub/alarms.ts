import type { HubJob } from "../shared/alarm-jobs.ts";
import { logFailure } from "../shared/log.ts";
import type { Breaker } from "./breaker.ts";

/** Wakes a hub at one time. Both throw where the storage does. */
export interface AlarmClock {
  /** When it is set for, in milliseconds; null for never. */
  getAlarm(): Promise<number | null>;
  setAlarm(time: number): Promise<void>;
}

/** A job, when it wanted the alarm, and when it may have it, in milliseconds. */
export interface AskedAlarm {
  readonly job: HubJob;
  readonly wanted: number;
  readonly time: number;
}

/** The one alarm of a hub, for many jobs. It only ever moves earlier; when it has fired, it is set for the next job that is due. */
export class Alarms {
  readonly #clock: AlarmClock;
  readonly #breaker: Pick<Breaker, "nextWake">;
  /** When each job needs it, as far as that was said since the hub woke and since it last fired. */
  readonly #asked = new Map<HubJob, AskedAlarm>();
  #next: number | undefined;
  #isKnown = false;
  #isChecking = false;
  #rowsWritten = 0;

  constructor(clock: AlarmClock, breaker: Pick<Breaker, "nextWake">) {
    this.#clock = clock;
    this.#breaker = breaker;
  }

  /** Rows written since the object woke: the platform counts each setting as one. */
  get rowsWritten(): number {
    return this.#rowsWritten;
  }

  /** Makes sure that the alarm comes for a job at `wanted`, in milliseconds, or before; or later, where the job is slowed. */
  wakeAt(wanted: number, job: HubJob): void {
    if ((this.#asked.get(job)?.wanted ?? Number.POSITIVE_INFINITY) <= wanted) return;
    const time = Math.max(wanted, this.#breaker.nextWake(job));
    this.#asked.set(job, { job, wanted, time });
    if (this.#next !== undefined && this.#next <= time) return;
    this.#next = time;
    if (this.#isKnown) this.#set(time);
    else if (!this.#isChecking) void this.#check();
  }

  /**
   * The alarm has fired: there is none now. Returns what it came for; undefined where that was asked for before the hub
   * slept. `scheduledTime` is what it was set for, undefined where that is not known.
   */
  fired(scheduledTime: number | undefined): AskedAlarm | undefined {
    const [first] = [...this.#asked.values()].sort((one, other) => one.time - other.time);
    this.reset();
    return first && first.time <= (scheduledTime ?? Number.POSITIVE_INFINITY) ? first : undefined;
  }

  /** The storage has been deleted, and the alarm with it. */
  reset(): void {
    this.#next = undefined;
    this.#asked.clear();
    this.#isKnown = true;
  }

  /** After sleep, an alarm may stand that is early enough: setting it again would be a written row. */
  async #check(): Promise<void> {
    this.#isChecking = true;
    const stored = (await this.#clock.getAlarm().catch(() => undefined)) ?? undefined;
    this.#isChecking = false;
    // It has fired meanwhile, or gone with the storage: what was read is no longer so.
    if (this.#isKnown) return;
    this.#isKnown = true;
    const wanted = this.#next;
    if (stored !== undefined && (wanted === undefined || stored <= wanted)) this.#next = stored;
    else if (wanted !== undefined) this.#set(wanted);
  }

  #set(time: number): void {
    this.#rowsWritten += 1;
    this.#clock.setAlarm(time).catch((failure: unknown) => {
      // Whoever needs the alarm next sets it: a hub that believed in one would never wake again.
      logFailure("hub.alarm_unset", failure);
      this.#next = undefined;
      this.#asked.clear();
    });
  }
}
