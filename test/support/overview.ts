import { NO_RATES } from "../../src/overview/activity.ts";
import type { KeptReport } from "../../src/overview/hub-overview.ts";
import type { HubOverview, Totals } from "../../src/overview/messages.ts";

export const NO_TOTALS: Totals = {
  hubs: 0,
  sockets: 0,
  clients: 0,
  users: 0,
  subscriptions: 0,
  channels: 0,
  rates: NO_RATES,
  messagesReceived: 0,
  messagesSent: 0,
  publications: 0,
  errors: {},
  disconnects: {},
  unsubscribes: {},
  refusals: {},
  recovered: 0,
  unrecovered: 0,
  awake: 0,
  wakes: {},
};

/** A hub of an overview in which nothing happens, but for `facts`. */
export function hubOverview(hub: string, facts: Partial<HubOverview> = {}): HubOverview {
  return {
    hub,
    state: "ok",
    sockets: 0,
    clients: 0,
    users: 0,
    subscriptions: 0,
    channels: 0,
    lag: 0,
    memory: 0,
    rates: NO_RATES,
    awakeShare: 0,
    awake: 0,
    wakes: {},
    wokeAt: 0,
    reportedAt: 0,
    ...facts,
  };
}

/** What the directory has kept of a hub that had nothing to tell, but for `facts`. */
export function keptReport(hub: string, facts: Partial<KeptReport> = {}): KeptReport {
  return {
    hub,
    wokeAt: 0,
    reportedAt: 1_000,
    expiresAt: 76_000,
    counted: {},
    gauges: {},
    rates: NO_RATES,
    awakeShare: 0,
    region: undefined,
    state: "ok",
    ...facts,
  };
}
