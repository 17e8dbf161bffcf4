import { controlHome } from "../../src/channels/control.ts";
import type { MetricName, Samples } from "../../src/metrics/registry.ts";
import { REPORT_LIMITS } from "../../src/shared/limits.ts";
import type { HubCore } from "./core.ts";
import type { HubOfReporter } from "./reporter.ts";

/** A hub as its reporter sees it. */
export function observe(core: HubCore): HubOfReporter {
  return {
    name: core.name,
    counted: (now) => core.counters.samples(now, rowsWrittenBy(core)),
    gauges: () => gaugesOf(core),
    channelCounts: (limit) => core.locals.counts(limit).filter(([name]) => controlHome(name) === undefined),
    get isInUse() {
      return core.usage.isInUse;
    },
    expiryOf: (now) => expiryOf(core, now),
    wakeAt: (time) => core.wakeAt(time),
  };
}

function rowsWrittenBy({ store, alarms, conditional, eventStore }: HubCore): number {
  return store.rowsWritten + alarms.rowsWritten + conditional.rowsWritten + (eventStore?.rowsWritten ?? 0);
}

function gaugesOf({ sessions, locals, memory, outbox }: HubCore): Samples {
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
function expiryOf({ sessions, config }: HubCore, now: number): number {
  return sessions.size === 0 ? now : now + REPORT_LIMITS.missedPings * config.connection.pingInterval * 1000;
}
