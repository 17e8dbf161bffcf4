import type { HubOverview, Rates, Totals } from "../../src/overview/messages.ts";

export const NO_RATES: Rates = { messagesReceived: 0, messagesSent: 0, publications: 0 };

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
