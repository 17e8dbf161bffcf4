import type { Samples } from "../metrics/registry.ts";
import type { Activity } from "./activity.ts";
import type { HubOverview, HubState } from "./messages.ts";
import { countsOf } from "./series.ts";

/** What the directory has kept of the last report of a hub. Times are in milliseconds. */
export interface KeptReport extends Activity {
  readonly hub: string;
  readonly wokeAt: number;
  readonly reportedAt: number;
  /** When the hub counts as gone, unless it has reported again. */
  readonly expiresAt: number;
  /** Everything that it has ever counted. */
  readonly counted: Samples;
  readonly gauges: Samples;
  readonly region: string | undefined;
  readonly state: HubState;
}

/** A hub as an operator sees it. */
export function hubOverview(kept: KeptReport): HubOverview {
  const { hub, region, state, rates, awakeShare, wokeAt, reportedAt, counted, gauges } = kept;
  return {
    hub,
    ...(region !== undefined && { region }),
    state,
    sockets: gauges.centrifugo_client_connections_inflight ?? 0,
    clients: gauges.centrifugo_node_num_clients ?? 0,
    users: gauges.centrifugo_node_num_users ?? 0,
    subscriptions: gauges.centrifugo_node_num_subscriptions ?? 0,
    channels: gauges.centrifugo_node_num_channels ?? 0,
    lag: gauges.poorwill_hub_flush_lag_milliseconds ?? 0,
    memory: gauges.poorwill_hub_memory_bytes ?? 0,
    rates,
    awakeShare,
    awake: counted.poorwill_hub_awake_milliseconds ?? 0,
    wakes: countsOf(counted, "poorwill_hub_wake_causes"),
    wokeAt,
    reportedAt,
  };
}
