import { REPORT_VERSION, type Report } from "../../src/metrics/report.ts";

/** A report of a hub that has nothing to tell, but for `changes`. */
export function reportOf(hub: string, changes: Partial<Report> = {}): Report {
  return {
    version: REPORT_VERSION,
    incarnation: "one",
    wokeAt: Date.now(),
    expiresAt: Date.now() + 60_000,
    counters: {},
    gauges: {},
    channels: [],
    ...changes,
    hub,
  };
}
