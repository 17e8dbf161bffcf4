/**
 * What the gateway measures, under Centrifugo's names where it has one, so that its dashboards work, and else under its
 * own.
 */

import { ROOM_METRICS } from "./room-metrics.ts";

/** A metric: its type, what it counts, and the labels that tell its samples apart. */
export interface MetricDefinition {
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels?: readonly string[];
}

/** Everything that `GET /metrics` may name. Names that begin with `centrifugo_` mean what they mean there. */
export const METRICS = {
  centrifugo_node_build: { type: "gauge", help: "1, with the version of the gateway", labels: ["version"] },
  centrifugo_node_num_nodes: { type: "gauge", help: "Hubs that have sockets, as far as they have reported" },
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
    labels: ["type"],
  },
  centrifugo_client_connections_accepted: { type: "counter", help: "Sockets taken in" },
  centrifugo_client_connections_inflight: { type: "gauge", help: "Open sockets, connected or not" },
  centrifugo_client_subscriptions_accepted: { type: "counter", help: "Subscriptions that were made" },
  centrifugo_client_num_reply_errors: {
    type: "counter",
    help: "Commands answered with an error",
    labels: ["code"],
  },
  centrifugo_client_num_server_disconnects: {
    type: "counter",
    help: "Connections closed by the server",
    labels: ["code"],
  },
  centrifugo_client_num_server_unsubscribes: {
    type: "counter",
    help: "Subscriptions ended by the server",
    labels: ["code"],
  },
  centrifugo_client_recover: {
    type: "counter",
    help: "Recoveries that were asked for",
    labels: ["recovered"],
  },
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
    labels: ["type"],
  },
  centrifugo_broker_publish_suppressed_count: {
    type: "counter",
    help: "Publications that were dropped: published before under the same key, or not newer than the last version",
    labels: ["reason"],
  },
  poorwill_worker_refusals: {
    type: "counter",
    help: "Requests that the Worker refused before any hub or room, as far as they have been reported",
    labels: ["code"],
  },
  poorwill_hub_commands: { type: "counter", help: "Commands that arrived", labels: ["method"] },
  poorwill_hub_wakes: { type: "counter", help: "Times that the object was started, or woke" },
  poorwill_hub_wake_causes: {
    type: "counter",
    help: "The same, by what woke it",
    labels: ["cause"],
  },
  poorwill_hub_activity: {
    type: "counter",
    help: "What kept the object awake: each time, for 10 s",
    labels: ["cause"],
  },
  poorwill_hub_awake_milliseconds: {
    type: "counter",
    help: "Milliseconds in memory: what is billed as duration is at most this",
  },
  poorwill_hub_awake_cause_milliseconds: {
    type: "counter",
    help: "The same, by the activity that each followed",
    labels: ["cause"],
  },
  poorwill_hub_kept_awake_milliseconds: {
    type: "counter",
    help: "Those of them that came more than 10 s after any activity: something that had not ended kept the object awake",
  },
  poorwill_hub_alarms: { type: "counter", help: "Alarms that fired, each one billed as a request" },
  poorwill_hub_slowed_alarms: {
    type: "counter",
    help: "Those of them that came later than they were wanted, because their job had woken the hub too often",
    labels: ["job"],
  },
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
  poorwill_hub_shed: {
    type: "counter",
    help: "What hubs have refused because the budget of the day was exceeded",
    labels: ["what"],
  },
  poorwill_budget_dollars: {
    type: "gauge",
    help: "What the day of UTC has cost so far, and what it may cost, where there is a budget",
    labels: ["of"],
  },
  poorwill_budget_shed: {
    type: "gauge",
    help: "1 for what is refused because the budget is exceeded, else 0",
    labels: ["what"],
  },
  poorwill_hub_flush_lag_milliseconds: { type: "gauge", help: "How late the last flush that waited was" },
  poorwill_hub_delivery_milliseconds: {
    type: "histogram",
    help: "From a publication's arrival at its home until it was sent to the home's own connections",
  },
  poorwill_hub_hook_milliseconds: {
    type: "histogram",
    help: "How long a hook, or the backend behind it, took to answer",
    labels: ["hook"],
  },
  poorwill_hub_recovery_milliseconds: {
    type: "histogram",
    help: "From a subscribe command that recovers until what was missed was there",
  },
  poorwill_namespace_publications: {
    type: "counter",
    help: "Publications, counted at the home of their channel",
    labels: ["namespace"],
  },
  poorwill_namespace_subscriptions: {
    type: "counter",
    help: "Subscriptions that were made",
    labels: ["namespace"],
  },
  ...ROOM_METRICS,
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRICS;

/** Values by series: a name, or `name{label="value"}`. */
export type Samples = Readonly<Record<string, number>>;
