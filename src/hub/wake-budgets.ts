import type { ConnectionConfig } from "../config/connection.ts";
import { HUB_JOBS, type HubJob } from "../shared/alarm-jobs.ts";
import { HUB_LIMITS, REPORT_LIMITS } from "../shared/limits.ts";
import type { WakeBudget } from "../shared/wake-pace.ts";

const HOUR = 3_600_000;
/** How much more often than it should a job may wake its hub. */
const SLACK = 2;

/** What the jobs of a hub may cost: what the configuration says that they do, and as much again. */
export function wakeBudgets(connection: Pick<ConnectionConfig, "pingInterval">): Record<HubJob, WakeBudget> {
  const usual: Partial<Record<HubJob, number>> = {
    ping: HOUR / (connection.pingInterval * 1000),
    report: HOUR / REPORT_LIMITS.delay,
    // Where what fails once fails always, it comes no more often than a slowed job does.
    retry: HOUR / HUB_LIMITS.jobWait,
  };
  const budgetOf = (job: HubJob): WakeBudget => ({
    // At least two: the first wake of a job that comes once a day is none too many.
    perHour: Math.max(SLACK, SLACK * (usual[job] ?? HUB_LIMITS.jobWakes)),
    longestWait: HUB_LIMITS.jobWait,
  });
  return Object.fromEntries(HUB_JOBS.map((job) => [job, budgetOf(job)])) as Record<HubJob, WakeBudget>;
}
