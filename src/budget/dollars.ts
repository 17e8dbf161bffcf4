import type { MetricName, Samples } from "../metrics/registry.ts";
import { MESSAGES_PER_REQUEST, OBJECT_GIGABYTES, PRICES } from "../shared/prices.ts";

const WORKER_REQUEST = PRICES.workerRequests.perMillion / 1_000_000;
const OBJECT_REQUEST = PRICES.objectRequests.perMillion / 1_000_000;
const ROW = PRICES.rowsWritten.perMillion / 1_000_000;
const MILLISECOND = ((PRICES.gigabyteSeconds.perMillion / 1_000_000) * OBJECT_GIGABYTES) / 1_000;
const MESSAGE = OBJECT_REQUEST / MESSAGES_PER_REQUEST;

/** Dollars for one of what a counter counts. A connection is a request to the Worker and one to the object. */
const DOLLARS: Partial<Record<MetricName, number>> = {
  centrifugo_client_connections_accepted: WORKER_REQUEST + OBJECT_REQUEST,
  centrifugo_transport_messages_received: MESSAGE,
  poorwill_hub_calls_taken: OBJECT_REQUEST,
  // With each alarm goes a report: one more request, and two rows of the directory.
  poorwill_hub_alarms: 2 * OBJECT_REQUEST + 2 * ROW,
  poorwill_hub_rows_written: ROW,
  poorwill_hub_awake_milliseconds: MILLISECOND,
  poorwill_room_connections: WORKER_REQUEST + OBJECT_REQUEST,
  poorwill_room_messages_received: MESSAGE,
  poorwill_room_calls_taken: OBJECT_REQUEST,
  poorwill_room_alarms: OBJECT_REQUEST,
  poorwill_room_rows_written: ROW,
  poorwill_room_awake_milliseconds: MILLISECOND,
  poorwill_worker_refusals: WORKER_REQUEST,
};

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
  const [name = ""] = series.split("{", 1);
  return DOLLARS[name as MetricName] ?? 0;
}
