import type { Samples } from "../metrics/registry.ts";
import { addRates, NO_RATES, publicationsOf } from "./activity.ts";
import type { HubOverview, RoomsOverview, Totals } from "./messages.ts";
import { countsOf, parseSeries } from "./series.ts";

/** All hubs together: those that are there, and everything that was ever counted. */
export function totalsOf(hubs: Iterable<HubOverview>, counted: Samples): Totals {
  const now = { hubs: 0, sockets: 0, clients: 0, users: 0, subscriptions: 0, channels: 0 };
  let rates = NO_RATES;
  for (const hub of hubs) {
    now.hubs += 1;
    now.sockets += hub.sockets;
    now.clients += hub.clients;
    now.users += hub.users;
    now.subscriptions += hub.subscriptions;
    now.channels += hub.channels;
    rates = addRates(rates, hub.rates);
  }
  const { yes: recovered = 0, no: unrecovered = 0 } = countsOf(counted, "centrifugo_client_recover");
  return {
    ...now,
    rates,
    messagesReceived: counted.centrifugo_transport_messages_received ?? 0,
    messagesSent: counted.centrifugo_transport_messages_sent ?? 0,
    publications: publicationsOf(counted),
    errors: countsOf(counted, "centrifugo_client_num_reply_errors"),
    disconnects: countsOf(counted, "centrifugo_client_num_server_disconnects"),
    unsubscribes: countsOf(counted, "centrifugo_client_num_server_unsubscribes"),
    refusals: countsOf(counted, "poorwill_worker_refusals"),
    recovered,
    unrecovered,
    awake: counted.poorwill_hub_awake_milliseconds ?? 0,
    wakes: countsOf(counted, "poorwill_hub_wake_causes"),
  };
}

/** What rooms have counted, by kind: they are told apart by nothing else. */
export function roomsOf(counted: Samples): RoomsOverview[] {
  const rooms = new Map<string, Mutable<RoomsOverview>>();
  for (const [series, count] of Object.entries(counted)) {
    if (!series.startsWith("poorwill_room_")) continue;
    const { metric, labels } = parseSeries(series);
    const { kind, cause } = labels;
    if (kind === undefined) continue;
    const room = rooms.get(kind) ?? roomsOfKind(kind);
    rooms.set(kind, room);
    const member = COUNTED[metric];
    if (member !== undefined) room[member] += count;
    else if (metric === "poorwill_room_wake_causes" && cause !== undefined)
      room.wakes = { ...room.wakes, [cause]: count };
  }
  return [...rooms.values()].sort((one, other) => (one.kind < other.kind ? -1 : 1));
}

type Mutable<Fixed> = { -readonly [Key in keyof Fixed]: Fixed[Key] };

type Counted = Exclude<keyof RoomsOverview, "kind" | "wakes">;

const COUNTED: Readonly<Record<string, Counted>> = {
  poorwill_room_connections: "connections",
  poorwill_room_messages_received: "messagesReceived",
  poorwill_room_messages_sent: "messagesSent",
  poorwill_room_handler_errors: "errors",
  poorwill_room_awake_milliseconds: "awake",
};

function roomsOfKind(kind: string): Mutable<RoomsOverview> {
  return { kind, connections: 0, messagesReceived: 0, messagesSent: 0, errors: 0, awake: 0, wakes: {} };
}
