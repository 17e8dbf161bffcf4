import { waitUntil } from "cloudflare:workers";
import { Tally } from "../metrics/counters.ts";
import { additionOf, type DirectoryStub } from "../metrics/report.ts";
import { labelled } from "../metrics/series.ts";
import { REPORT_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import { RefusalLog } from "../shared/refusal-log.ts";

/** Under this name the directory keeps what all isolates of the Worker have counted. */
const WORKER = "worker";
/** The client decides how long its origin is. */
const LONGEST_ORIGIN = 255;

/** What the Worker itself refuses: no hub or room sees it. */
export class Refusals {
  readonly #log = new RefusalLog("gateway.refused");
  #counts = new Tally();
  #reportedAt = Number.NEGATIVE_INFINITY;

  /** Notes that a request was refused, and reports it to the directory, where there is one. */
  note(request: Request, code: string, directory: DirectoryStub | undefined): void {
    const now = Date.now();
    const origin = request.headers.get("Origin")?.slice(0, LONGEST_ORIGIN);
    this.#log.note(code, { origin }, now);
    if (directory === undefined) return;
    this.#counts.add(code);
    if (now - this.#reportedAt < REPORT_LIMITS.refusalInterval) return;
    const counters = labelled("poorwill_worker_refusals", this.#counts);
    this.#counts = new Tally();
    this.#reportedAt = now;
    const report = additionOf(WORKER, counters, now);
    waitUntil(directory.report(report).catch((failure) => logFailure("gateway.report_failed", failure)));
  }
}
