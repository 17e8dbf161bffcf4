import type { MetricName, Samples } from "../metrics/registry.ts";
import { MESSAGES_PER_REQUEST, OBJECT_GIGABYTES, PRICES } from "../shared/prices.ts";

const WORKER_REQUEST = PRICES.workerRequests.perMillion / 1_000_000;
const OBJECT_REQUEST = PRICES.objectRequests.perMillion / 1_000_000;
const ROW = PRICES.rowsWritten.perMillion / 1_000_000;
const MILLISECOND = ((PRICES.gigabyteSeconds.perMillion / 1_000_000) * OBJECT_GIGABYTES) / 1_000;

/** Dollars for one of what a counter counts. */
const DOLLARS: Partial<Record<MetricName, number>> = {
  // With each alarm goes a report: one more request, and two rows of the directory.
  poorwill_hub_alarms: OBJECT_REQUEST + 2 * ROW,
  poorwill_hub_rows_written: ROW,
  poorwill_hub_awake_milliseconds: MILLISECOND,
  poorwill_room_rows_written: ROW,
  poorwill_room_awake_milliseconds: MILLISECOND,
  poorwill_worker_refusals: WORKER_REQUEST,
};

/** Dollars for one activity of an object. A close costs nothing, and what came over HTTP came by the Worker. */
const DOLLARS_OF_ACTIVITY: Readonly<Record<string, number>> = {
  connect: WORKER_REQUEST + OBJECT_REQUEST,
  request: WORKER_REQUEST + OBJECT_REQUEST,
  message: OBJECT_REQUEST / MESSAGES_PER_REQUEST,
  call: OBJECT_REQUEST,
  alarm: OBJECT_REQUEST,
};

/** The cause in `poorwill_hub_activity{cause="alarm:ping"}`: what stands before the job. */
const ACTIVITY = /^poorwill_(?:hub|room)_activity\{.*\bcause="(\w+)/;

/**
 * What counters come to at list prices, in dollars, without what a plan includes. The sum of what two samples come to is
 * what their sum comes to.
 */
export function dollarsOf(counters: Samples): number {
  let dollars = 0;
  for (const [series, value] of Object.entries(counters)) dollars += priceOf(series) * value;
  return dollars;
}

function priceOf(series: string): number {
  const cause = ACTIVITY.exec(series)?.[1];
  if (cause !== undefined) return DOLLARS_OF_ACTIVITY[cause] ?? 0;
  const [name = ""] = series.split("{", 1);
  return DOLLARS[name as MetricName] ?? 0;
}
