import type { HubJob, RoomJob } from "../shared/alarm-jobs.ts";

/** Milliseconds without activity after which the runtime puts an object to sleep. */
const SLEEP_AFTER = 10_000;

/** What an activity of an object was. An alarm names the job that it came for. */
export type Cause = "connect" | "message" | "close" | "call" | "request" | `alarm:${HubJob | RoomJob}`;

/** What came of one cause. */
interface Entry {
  count: number;
  wakes: number;
  /** Milliseconds in memory that followed. */
  awake: number;
}

/** What the time of one waking life went to. */
export class Ledger {
  readonly #entries = new Map<Cause, Entry>();
  /** The newest activity. */
  #newest: Entry | undefined;
  /** When that was, in milliseconds. */
  #lastActivity: number;
  #kept = 0;

  constructor(now: number) {
    this.#lastActivity = now;
  }

  /** Notes an activity, and returns whether the object woke for it. `now` is in milliseconds. */
  note(cause: Cause, now: number): boolean {
    const entry = this.#entryOf(cause);
    const isWake = this.#newest === undefined;
    const gap = Math.max(0, now - this.#lastActivity);
    if (this.#newest) this.#newest.awake += gap;
    else entry.wakes += 1;
    entry.count += 1;
    // Memory that is still there after the time for sleep was kept by something: a timer, a fetch, a promise.
    this.#kept += Math.max(0, gap - SLEEP_AFTER);
    this.#newest = entry;
    this.#lastActivity = now;
    return isWake;
  }

  /** What woke the object. */
  get wakes(): Iterable<readonly [Cause, number]> {
    return this.#counts(({ wakes }) => wakes);
  }

  /** How often each cause came. */
  get activities(): Iterable<readonly [Cause, number]> {
    return this.#counts(({ count }) => count);
  }

  /** Milliseconds in memory, each counted for the activity before it. */
  awakeAfter(now: number): Iterable<readonly [Cause, number]> {
    return this.#counts((entry) => entry.awake + (entry === this.#newest ? this.#awakeSince(now) : 0));
  }

  /** Milliseconds in memory, as far as that is sure: since the last activity, at most until the time for sleep. */
  awake(now: number): number {
    let total = 0;
    for (const [, milliseconds] of this.awakeAfter(now)) total += milliseconds;
    return total;
  }

  /** Milliseconds in memory after the time for sleep had come. */
  get kept(): number {
    return this.#kept;
  }

  #awakeSince(now: number): number {
    return Math.max(0, Math.min(now - this.#lastActivity, SLEEP_AFTER));
  }

  #entryOf(cause: Cause): Entry {
    const known = this.#entries.get(cause);
    if (known) return known;
    const entry = { count: 0, wakes: 0, awake: 0 };
    this.#entries.set(cause, entry);
    return entry;
  }

  *#counts(of: (entry: Entry) => number): Iterable<readonly [Cause, number]> {
    for (const [cause, entry] of this.#entries) {
      const count = of(entry);
      if (count > 0) yield [cause, count];
    }
  }
}
