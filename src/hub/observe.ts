import { controlHome } from "../channels/control.ts";
import { placedIn } from "../channels/placement.ts";
import type { MetricName, Samples } from "../metrics/registry.ts";
import { REPORT_LIMITS } from "../shared/limits.ts";
import type { HubSettings, Kept, Platform } from "./platform.ts";
import type { HubOfReporter } from "./reporter.ts";
import { standingOf } from "./standing.ts";
import type { Wiring } from "./wiring.ts";

/** A hub as its reporter sees it. */
export function observe(hub: Wiring, { connections }: Platform, settings: HubSettings): HubOfReporter {
  return {
    name: hub.name,
    counted: (now) => hub.counters.samples(now, rowsWrittenBy(hub)),
    gauges: () => gaugesOf(hub),
    region: placedIn(hub.name, hub.config.namespaces),
    standing: () => standingOf(hub, connections.held, settings),
    channelCounts: (limit) => hub.locals.counts(limit).filter(([name]) => controlHome(name) === undefined),
    get isInUse() {
      return hub.usage.isInUse;
    },
    expiryOf: (now) => expiryOf(hub, now),
    told: (level, now) => hub.shedding.told(level, now),
    wakeAt: (time, job) => hub.wakeAt(time, job),
  };
}

function rowsWrittenBy({ stores, alarms }: Wiring): number {
  const stored = Object.values(stores).reduce((sum, { rowsWritten }: Kept) => sum + rowsWritten, 0);
  return stored + alarms.rowsWritten;
}

function gaugesOf({ sessions, locals, memory, outbox }: Wiring): Samples {
  const users = new Set<string>();
  let clients = 0;
  let subscriptions = 0;
  for (const session of sessions) {
    if (!session.isConnected) continue;
    users.add(session.state.user);
    clients += 1;
    subscriptions += session.subscriptions.size;
  }
  return {
    centrifugo_node_num_clients: clients,
    centrifugo_node_num_users: users.size,
    centrifugo_node_num_subscriptions: subscriptions,
    centrifugo_node_num_channels: locals.count,
    centrifugo_client_connections_inflight: sessions.size,
    poorwill_hub_memory_bytes: memory.used,
    poorwill_hub_flush_lag_milliseconds: outbox.lag,
  } satisfies Partial<Record<MetricName, number>>;
}

/** A hub with sockets reports at each ping. One without has nothing that could grow old. */
function expiryOf({ sessions, config }: Wiring, now: number): number {
  return sessions.size === 0 ? now : now + REPORT_LIMITS.missedPings * config.connection.pingInterval * 1000;
}
