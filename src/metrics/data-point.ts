import { REPORT_LIMITS } from "../shared/limits.ts";
import type { MetricName, Samples } from "./registry.ts";
import { totalOf } from "./samples.ts";

/** The counters of a data point, in order. The first one is `double2`; `double1` is the milliseconds. */
export const COUNTED_IN_POINT = [
  "centrifugo_transport_messages_received",
  "centrifugo_transport_messages_received_size",
  "centrifugo_transport_messages_sent",
  "centrifugo_transport_messages_sent_size",
  "centrifugo_node_messages_received_count",
  "centrifugo_client_num_reply_errors",
  "centrifugo_client_num_server_disconnects",
  "poorwill_hub_wakes",
  "poorwill_hub_awake_milliseconds",
  "poorwill_hub_alarms",
  "poorwill_hub_calls_made",
  "poorwill_hub_calls_taken",
  "poorwill_hub_rows_written",
  "poorwill_hub_flushes",
] as const satisfies readonly MetricName[];

/** The gauges of a data point, which follow the counters. */
export const GAUGES_IN_POINT = [
  "centrifugo_node_num_clients",
  "centrifugo_node_num_subscriptions",
  "centrifugo_node_num_channels",
  "poorwill_hub_flush_lag_milliseconds",
] as const satisfies readonly MetricName[];

/** One row of Analytics Engine: what a hub did in an interval, and its gauges at the end. */
export interface DataPoint {
  readonly indexes: string[];
  readonly blobs: string[];
  readonly doubles: number[];
}

/** A data point about a hub, sampled by its name. */
export function dataPoint(hub: string, counted: Samples, gauges: Samples, milliseconds: number): DataPoint {
  const counts = COUNTED_IN_POINT.map((name) => totalOf(counted, name));
  const standing = GAUGES_IN_POINT.map((name) => gauges[name] ?? 0);
  return { indexes: [firstBytes(hub)], blobs: [hub], doubles: [milliseconds, ...counts, ...standing] };
}

/** As much of a name as fits into an index. */
function firstBytes(text: string): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(REPORT_LIMITS.pointIndex));
  return text.slice(0, read);
}
