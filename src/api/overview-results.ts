import * as v from "valibot";
import type { Counts, HubState } from "../overview/messages.ts";
import { described } from "./fields.ts";

const number = v.number();

/** How often each of a few values came, by value. */
const counts = v.pipe(
  v.custom<Counts>(() => true),
  described({ type: "object", additionalProperties: { type: "number" } }),
);

const list = <Item extends v.GenericSchema>(item: Item) => v.pipe(v.array(item), v.readonly());

const rates = v.object({ messagesReceived: number, messagesSent: number, publications: number });

const state = v.pipe(
  v.custom<HubState>(() => true),
  described({ type: "string", enum: ["ok", "late", "full"] satisfies HubState[] }),
);

const hub = v.object({
  hub: v.string(),
  region: v.optional(v.string()),
  state,
  ...{ sockets: number, clients: number, users: number, subscriptions: number, channels: number },
  ...{ lag: number, memory: number, rates, awakeShare: number, awake: number, wakes: counts },
  ...{ wokeAt: number, reportedAt: number },
});

const rooms = v.object({
  kind: v.string(),
  ...{ connections: number, messagesReceived: number, messagesSent: number, errors: number },
  ...{ awake: number, wakes: counts },
});

const totals = v.object({
  ...{ hubs: number, sockets: number, clients: number, users: number },
  ...{ subscriptions: number, channels: number, rates },
  ...{ messagesReceived: number, messagesSent: number, publications: number },
  ...{ errors: counts, disconnects: counts, unsubscribes: counts, refusals: counts },
  ...{ recovered: number, unrecovered: number, awake: number, wakes: counts },
});

const connection = v.object({
  ...{ client: v.string(), hub: v.string(), transport: v.string(), protocol: v.string() },
  ...{ connected_at: number, num_subscriptions: number },
  channels: list(v.string()),
});

/** What the methods answer that need the right `observe`. */
export const OVERVIEW_RESULTS = {
  overview: v.object({
    kind: v.literal("snapshot"),
    at: number,
    totals,
    moreHubs: number,
    rooms: list(rooms),
    hubs: list(hub),
  }),
  overview_channels: v.object({
    channels: list(v.object({ channel: v.string(), num_clients: number })),
    total: number,
    complete: v.boolean(),
  }),
  user_connections: v.object({ connections: list(connection), more: number, unanswered: number }),
};
