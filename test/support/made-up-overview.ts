/** Hubs and what they tell, as no gateway on a small machine has them. */

import type { HubOverview, OverviewSnapshot, Totals } from "../../src/overview/messages.ts";

/** As many hubs as are wanted, all different, the largest first. */
export function hubsOf(count: number, at = Date.now()): HubOverview[] {
  return Array.from({ length: count }, (_, index) => {
    const sockets = (count - index) * 40;
    return {
      hub: index % 3 === 0 ? `edge/weur/${index}` : `home/chat:${index}`,
      region: ["weur", "enam", "apac"][index % 3] ?? "",
      state: index === 1 ? ("late" as const) : index === 4 ? ("full" as const) : ("ok" as const),
      sockets,
      clients: sockets,
      users: sockets / 2,
      subscriptions: sockets * 3,
      channels: (index * 37) % 500,
      lag: index % 7,
      memory: sockets * 4_000,
      rates: { messagesReceived: sockets / 100, messagesSent: sockets / 10, publications: sockets / 200 },
      awakeShare: ((index * 13) % 100) / 100,
      awake: 3_600_000 + index * 1_000,
      wakes: { message: 4_000 + index, alarm: 900, call: 120, connect: 60, close: 40 },
      wokeAt: at - 900_000,
      reportedAt: at - 2_000,
    };
  });
}

export function totalsOf(hubs: readonly HubOverview[]): Totals {
  const sum = (of: (hub: HubOverview) => number) => hubs.reduce((total, hub) => total + of(hub), 0);
  return {
    hubs: hubs.length,
    sockets: sum((hub) => hub.sockets),
    clients: sum((hub) => hub.clients),
    users: sum((hub) => hub.users),
    subscriptions: sum((hub) => hub.subscriptions),
    channels: sum((hub) => hub.channels),
    rates: {
      messagesReceived: sum((hub) => hub.rates.messagesReceived),
      messagesSent: sum((hub) => hub.rates.messagesSent),
      publications: sum((hub) => hub.rates.publications),
    },
    messagesReceived: 81_204_551,
    messagesSent: 912_400_310,
    publications: 40_112_007,
    errors: { 103: 412, 111: 96, 108: 7 },
    disconnects: { 3005: 1_204, 3012: 388, 3500: 61 },
    unsubscribes: { 2500: 44 },
    refusals: { origin_refused: 213, too_many_connections: 54 },
    recovered: 51_877,
    unrecovered: 126,
    awake: sum((hub) => hub.awake),
    wakes: { message: 900_000, alarm: 80_000 },
  };
}

/** A snapshot of hubs. */
export function snapshotOf(hubs: readonly HubOverview[], at = Date.now()): OverviewSnapshot {
  const room = { messagesReceived: 9_000, messagesSent: 120_000, errors: 0, awake: 7_200_000 };
  return {
    kind: "snapshot",
    at,
    totals: totalsOf(hubs),
    moreHubs: 0,
    hubs,
    rooms: [
      { ...room, kind: "chat", connections: 410, wakes: { message: 6_020, alarm: 31 } },
      { ...room, kind: "cursors", connections: 96, errors: 3, wakes: { message: 41_000 } },
    ],
  };
}

/** What `overview_channels` answers of so many channels: `chat:0` on, each with one subscriber less than the one before. */
export function channelsOf(count: number, params: Readonly<Record<string, unknown>>): object {
  const { search, offset, limit } = params as { search: string; offset: number; limit: number };
  const total = search === "" ? count : 1;
  const channels = Array.from({ length: Math.min(limit, total - offset) }, (_, index) => ({
    channel: search === "" ? `chat:${offset + index}` : search,
    num_clients: count - offset - index,
  }));
  return { result: { channels, total, complete: true } };
}
