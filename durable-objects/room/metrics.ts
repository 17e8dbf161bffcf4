import { Shedding } from "../../src/budget/shedding.ts";
import type { Cause } from "../../src/metrics/ledger.ts";
import type { DirectoryStub, Report } from "../../src/metrics/report.ts";
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
  readonly shedding = new Shedding(() => {
    this.counters.shed += 1;
  });
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
      this.#ctx.waitUntil(this.#send(this.#directory, report));
    }
  }

  async #send(directory: DirectoryStub, report: Report): Promise<void> {
    try {
      const answer = await withTimeout(directory.report(report), HUB_LIMITS.callTimeout);
      this.shedding.told(answer?.shed ?? 0, Date.now());
    } catch (failure) {
      this.shedding.told(0, Date.now());
      logFailure("room.report_failed", failure, { kind: this.#kind });
    }
  }
}
