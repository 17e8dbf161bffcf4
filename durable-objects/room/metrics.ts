import type { Cause } from "../../src/metrics/ledger.ts";
import type { DirectoryStub } from "../../src/metrics/report.ts";
import { RoomCounters } from "../../src/metrics/room-counters.ts";
import { RoomReporter } from "../../src/metrics/room-reporter.ts";
import type { RoomJob } from "../../src/shared/alarm-jobs.ts";
import { HUB_LIMITS } from "../../src/shared/limits.ts";
import { logFailure } from "../../src/shared/log.ts";
import { withTimeout } from "../../src/shared/timeout.ts";

/** Keeps an object in memory until something has ended. */
interface Waiting {
  waitUntil(promise: Promise<unknown>): void;
}

/** What a room counts, and whom it tells. */
export class RoomMetrics {
  readonly counters: RoomCounters;
  readonly #ctx: Waiting;
  readonly #kind: string;
  readonly #directory: DirectoryStub | undefined;
  readonly #reporter: RoomReporter;

  /** `directory` is undefined where nobody is told. */
  constructor(ctx: Waiting, kind: string, directory: DirectoryStub | undefined) {
    const now = Date.now();
    this.counters = new RoomCounters(now);
    this.#ctx = ctx;
    this.#kind = kind;
    this.#directory = directory;
    this.#reporter = new RoomReporter(kind, now);
  }

  noteAlarm(job: RoomJob, now: number): void {
    this.counters.alarms += 1;
    this.note(`alarm:${job}`, now);
  }

  /** Notes an activity, and reports where that is due. `now` is in milliseconds. */
  note(cause: Cause, now: number): void {
    this.counters.ledger.note(cause, now);
    if (this.#directory && this.#reporter.isDue(now)) {
      const counted = this.counters.samples(this.#kind, now);
      const report = this.#reporter.report(now, counted);
      const fail = (failure: unknown) => logFailure("room.report_failed", failure, { kind: this.#kind });
      this.#ctx.waitUntil(withTimeout(this.#directory.report(report), HUB_LIMITS.callTimeout).catch(fail));
    }
  }
}
