import type { Cause } from "../../src/metrics/ledger.ts";
import type { DirectoryStub } from "../../src/metrics/report.ts";
import { RoomCounters } from "../../src/metrics/room-counters.ts";
import { RoomReporter } from "../../src/metrics/room-reporter.ts";
import type { RoomJob } from "../../src/shared/alarm-jobs.ts";
import { HUB_LIMITS } from "../../src/shared/limits.ts";
import { logFailure } from "../../src/shared/log.ts";
import { withTimeout } from "../../src/shared/timeout.ts";

/** What a room counts, and whom it tells. */
export class RoomMetrics {
  readonly counters: RoomCounters;
  readonly #ctx: DurableObjectState;
  readonly #kind: string;
  readonly #directory: DirectoryStub | undefined;
  readonly #reporter: RoomReporter;

  /** `directory` is undefined where nobody is told. */
  constructor(ctx: DurableObjectState, kind: string, directory: DirectoryStub | undefined) {
    const now = Date.now();
    this.counters = new RoomCounters(now);
    this.#ctx = ctx;
    this.#kind = kind;
    this.#directory = directory;
    this.#reporter = new RoomReporter(kind, now);
  }

  noteAlarm(job: RoomJob, countSockets: () => number): void {
    this.counters.alarms += 1;
    this.note(`alarm:${job}`, countSockets);
  }

  /** Notes an activity, and reports where that is due. `countSockets` is only called then: it reads all of them back. */
  note(cause: Cause, countSockets: () => number): void {
    const now = Date.now();
    this.counters.ledger.note(cause, now);
    if (this.#directory && this.#reporter.isDue(now)) {
      const counted = this.counters.samples(this.#kind, now);
      const report = this.#reporter.report(now, counted, countSockets());
      const fail = (failure: unknown) => logFailure("room.report_failed", failure, { kind: this.#kind });
      this.#ctx.waitUntil(withTimeout(this.#directory.report(report), HUB_LIMITS.callTimeout).catch(fail));
    }
  }
}
