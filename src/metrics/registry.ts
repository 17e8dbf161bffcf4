/**
 * What the gateway measures, under Centrifugo's names where it has one, so that its dashboards work, and else under its
 * own.
 */

/** A metric: its type, what it counts, and the label that tells its samples apart. */
export interface MetricDefinition {
  readonly type: "counter" | "gauge";
  readonly help: string;
  readonly label?: string;
}

/** Everything that `GET /metrics` may name. Names that begin with `centrifugo_` mean what they mean there. */
export const METRICS = {
  centrifugo_node_build: { type: "gauge", help: "1, with the version of the gateway", label: "version" },
  centrifugo_node_num_nodes: { type: "gauge", help: "Hubs that have reported and have not expired" },
  centrifugo_node_num_clients: { type: "gauge", help: "Connections that have connected" },
  centrifugo_node_num_users: { type: "gauge", help: "Users of those connections, counted once for each hub" },
  centrifugo_node_num_subscriptions: { type: "gauge", help: "Subscriptions of those connections" },
  centrifugo_node_num_channels: {
    type: "gauge",
    help: "Channels with a subscription, counted once for each hub",
  },
  centrifugo_node_messages_received_count: {
    type: "counter",
    help: "Publications, joins and leaves, counted at the home of their channel",
    label: "type",
  },
  centrifugo_client_connections_accepted: { type: "counter", help: "Sockets taken in" },
  centrifugo_client_connections_inflight: { type: "gauge", help: "Open sockets, connected or not" },
  centrifugo_client_subscriptions_accepted: { type: "counter", help: "Subscriptions that were made" },
  centrifugo_client_num_reply_errors: {
    type: "counter",
    help: "Commands answered with an error",
    label: "code",
  },
  centrifugo_client_num_server_disconnects: {
    type: "counter",
    help: "Connections closed by the server",
    label: "code",
  },
  centrifugo_client_num_server_unsubscribes: {
    type: "counter",
    help: "Subscriptions ended by the server",
    label: "code",
  },
  centrifugo_client_recover: { type: "counter", help: "Recoveries that were asked for", label: "recovered" },
  centrifugo_client_recovered_publications: { type: "counter", help: "Publications that recoveries brought" },
  centrifugo_transport_messages_received: {
    type: "counter",
    help: "Frames from clients, other than pongs that the runtime answers",
  },
  centrifugo_transport_messages_received_size: {
    type: "counter",
    help: "Characters or bytes of those frames",
  },
  centrifugo_transport_messages_sent: { type: "counter", help: "Frames to clients" },
  centrifugo_transport_messages_sent_size: { type: "counter", help: "Characters of those frames" },
  centrifugo_proxy_errors: {
    type: "counter",
    help: "Questions to hooks or a backend that failed: no answer in time, or an invalid one",
    label: "type",
  },
  centrifugo_broker_publish_suppressed_count: {
    type: "counter",
    help: "Publications that were dropped: published before under the same key, or not newer than the last version",
    label: "reason",
  },
  poorwill_worker_refusals: {
    type: "counter",
    help: "Requests that the Worker refused before any hub or room, as far as they have been reported",
    label: "code",
  },
  poorwill_hub_commands: { type: "counter", help: "Commands that arrived", label: "method" },
  poorwill_hub_wakes: { type: "counter", help: "Times that the object was started, or woke" },
  poorwill_hub_awake_milliseconds: {
    type: "counter",
    help: "Milliseconds in memory: what is billed as duration is at most this",
  },
  poorwill_hub_alarms: { type: "counter", help: "Alarms that fired, each one billed as a request" },
  poorwill_hub_calls_made: {
    type: "counter",
    help: "Calls to other objects, each one billed as a request there",
  },
  poorwill_hub_calls_taken: {
    type: "counter",
    help: "Calls from other objects, each one billed as a request",
  },
  poorwill_hub_rows_written: {
    type: "counter",
    help: "Rows written, including those of alarms that were set",
  },
  poorwill_hub_flushes: {
    type: "counter",
    help: "Ticks: each one is a transaction, a frame for each session and a call for each hub",
  },
  poorwill_hub_memory_bytes: {
    type: "gauge",
    help: "Bytes that sessions, subscriptions and channels take at rest, estimated from their numbers",
  },
  poorwill_hub_flush_lag_milliseconds: { type: "gauge", help: "How late the last flush that waited was" },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRICS;

/** Values by series: a name, or `name{label="value"}`. */
export type Samples = Readonly<Record<string, number>>;

/** Every gauge as 0, for when no hub reports: dashboards take a series that ends as one that keeps its last value. */
export const GAUGES_OF_NOTHING: Samples = Object.fromEntries(
  Object.entries<MetricDefinition>(METRICS)
    .filter(([, { type, label }]) => type === "gauge" && label === undefined)
    .map(([name]) => [name, 0]),
);

/** The series of one metric, one for each value of its label. */
export function labelled(name: MetricName, counts: Iterable<readonly [string | number, number]>): Samples {
  const { label = "" }: MetricDefinition = METRICS[name];
  const samples: Record<string, number> = {};
  for (const [value, count] of counts) samples[`${name}{${label}="${escapeLabel(String(value))}"}`] = count;
  return samples;
}

/** The metric that a series belongs to; undefined for an unknown one. */
export function metricOf(series: string): MetricName | undefined {
  const end = series.indexOf("{");
  const name = end === -1 ? series : series.slice(0, end);
  return Object.hasOwn(METRICS, name) ? (name as MetricName) : undefined;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
