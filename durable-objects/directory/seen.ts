import type { Report } from "../../src/metrics/report.ts";
import { type Activity, NO_RATES } from "../../src/overview/activity.ts";
import type { KeptReport } from "../../src/overview/hub-overview.ts";
import type { HubState } from "../../src/overview/messages.ts";

/** What is stored of a report for the overview only. */
export type Seen = Activity & Pick<KeptReport, "reportedAt" | "region" | "state">;

const NOTHING: Seen = { rates: NO_RATES, awakeShare: 0, reportedAt: 0, region: undefined, state: "ok" };

/** Reads it. Members that a build did not write are as if nothing had been seen. */
export function readSeen(text: string | null): Seen {
  return text === null ? NOTHING : { ...NOTHING, ...(JSON.parse(text) as Partial<Seen>) };
}

/** Hubs of earlier builds tell nothing of it. */
export function stateOf({ isFull = false, isLate = false }: Report): HubState {
  if (isLate) return "late";
  return isFull ? "full" : "ok";
}
