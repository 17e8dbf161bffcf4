import { waitUntil } from "cloudflare:workers";
import { directoryOf } from "../api/directory.ts";
import type { Env } from "../deployment/env.ts";
import { Tally } from "../metrics/counters.ts";
import { labelled } from "../metrics/registry.ts";
import { REPORT_VERSION } from "../metrics/report.ts";
import { REPORT_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import { RefusalLog } from "../shared/refusal-log.ts";

/** Under this name the directory keeps what all isolates of the Worker have counted. */
const WORKER = "worker";
/** The client decides how long its origin is. */
const LONGEST_ORIGIN = 255;

const log = new RefusalLog("gateway.refused");
let counts = new Tally();
let reportedAt = Number.NEGATIVE_INFINITY;

/** Notes that the Worker itself refuses a request: no hub or room will see it. */
export function noteRefusal(request: Request, env: Env, code: string): void {
  const now = Date.now();
  const origin = request.headers.get("Origin")?.slice(0, LONGEST_ORIGIN);
  log.note(code, { origin }, now);
  const directory = directoryOf(env);
  if (directory === undefined) return;
  counts.add(code);
  if (now - reportedAt < REPORT_LIMITS.refusalInterval) return;
  const counters = labelled("poorwill_worker_refusals", counts);
  counts = new Tally();
  reportedAt = now;
  const report = {
    version: REPORT_VERSION,
    hub: WORKER,
    // Each report holds the counts since the last one, so the directory must add it and not replace the last one.
    incarnation: crypto.randomUUID(),
    wokeAt: now,
    // Expired at once: it is no hub and must not be listed.
    expiresAt: now,
    counters,
    gauges: {},
    channels: [],
  };
  waitUntil(directory.report(report).catch((failure) => logFailure("gateway.report_failed", failure)));
}
