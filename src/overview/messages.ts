/**
 * What an operator sees of the whole gateway: the result of the API method `overview`, and what an open overview is
 * pushed. The page and the command line read these types too.
 *
 * An overview is opened by a WebSocket at `OVERVIEW_ENDPOINT` and a `connect` with an operator's token that has the
 * right `observe`. The connection is subscribed to `OVERVIEW_CHANNEL` by the server. The first publication there is the
 * snapshot; changes follow as hubs report, at most one a second. Every other command is answered with error 103, but
 * `refresh` takes a new token.
 */

export { OVERVIEW_CHANNEL } from "../channels/overview.ts";

/** Where an overview is opened, behind the address that the gateway is mounted at. */
export const OVERVIEW_ENDPOINT = "/connection/websocket?channel=%00overview";

/** How often each of a few values came, by value. */
export type Counts = Readonly<Record<string, number>>;

/** What happens in a second, on average between the last two reports. */
export interface Rates {
  /** Frames from clients. */
  readonly messagesReceived: number;
  /** Frames to clients. */
  readonly messagesSent: number;
  /** Publications, counted at the home of their channel. */
  readonly publications: number;
}

/** Whether a hub takes newcomers; "late" when its flushes are late, "full" when it has no place for them. */
export type HubState = "ok" | "late" | "full";

/** One hub, as it was when it last reported. */
export interface HubOverview {
  /** The name: `home/chat:42`, `edge/weur/0`, `users/3`. */
  readonly hub: string;
  /** Where it runs, as far as that is known: `weur`. */
  readonly region?: string | undefined;
  readonly state: HubState;
  /** Open sockets, connected or not. */
  readonly sockets: number;
  /** Connections that have connected. */
  readonly clients: number;
  readonly users: number;
  readonly subscriptions: number;
  readonly channels: number;
  /** Milliseconds by which the last flush was late. */
  readonly lag: number;
  /** Bytes that it holds, estimated. */
  readonly memory: number;
  readonly rates: Rates;
  /** The part of the time between its last two reports that it was awake, from 0 to 1. */
  readonly awakeShare: number;
  /** Milliseconds awake since it first reported. */
  readonly awake: number;
  /** Wakes by cause since it first reported: `message`, `request`, `call`, `alarm`, `connect`, `close`. */
  readonly wakes: Counts;
  /** When it last woke, in milliseconds. */
  readonly wokeAt: number;
  /** When it said this, in milliseconds. */
  readonly reportedAt: number;
}

/** All rooms of one kind together, as far as they have reported: a room does when it is awake for a minute. */
export interface RoomsOverview {
  readonly kind: string;
  /** Since the directory exists, as the following: sockets taken in. */
  readonly connections: number;
  /** Messages from clients. */
  readonly messagesReceived: number;
  /** Messages to clients. */
  readonly messagesSent: number;
  /** Functions of the kind that have failed. */
  readonly errors: number;
  /** Milliseconds awake: 1,000 a second are one room that is always awake. */
  readonly awake: number;
  readonly wakes: Counts;
}

/** All hubs together. Counts are since the directory exists. */
export interface Totals {
  readonly hubs: number;
  readonly sockets: number;
  readonly clients: number;
  readonly users: number;
  readonly subscriptions: number;
  /** Counted once for each hub. */
  readonly channels: number;
  readonly rates: Rates;
  readonly messagesReceived: number;
  readonly messagesSent: number;
  readonly publications: number;
  /** Errors that commands were answered with, by code. */
  readonly errors: Counts;
  /** Connections that the server closed, by code. */
  readonly disconnects: Counts;
  /** Subscriptions that the server ended, by code. */
  readonly unsubscribes: Counts;
  /** Requests that the Worker refused, by the code of the HTTP error: `origin_refused`, `too_many_connections`. */
  readonly refusals: Counts;
  /** Recoveries that brought everything. */
  readonly recovered: number;
  /** Recoveries that could not. */
  readonly unrecovered: number;
  readonly awake: number;
  readonly wakes: Counts;
}

interface Seen {
  /** When the directory said this, in milliseconds. */
  readonly at: number;
  readonly totals: Totals;
  /** Hubs that are too many to be listed: the largest are, by sockets. */
  readonly moreHubs: number;
  readonly rooms: readonly RoomsOverview[];
}

/** Everything. */
export interface OverviewSnapshot extends Seen {
  readonly kind: "snapshot";
  /** The largest first, by sockets. */
  readonly hubs: readonly HubOverview[];
}

/** What has changed: the hubs that have reported, whole, and the names of those that are gone. The rest is as it was. */
export interface OverviewChanges extends Seen {
  readonly kind: "changes";
  readonly hubs: readonly HubOverview[];
  readonly gone: readonly string[];
}

/** The data of a publication in `OVERVIEW_CHANNEL`. */
export type OverviewMessage = OverviewSnapshot | OverviewChanges;

/** The result of `overview_channels`: a page of channels, those with the most subscribers first. */
export interface OverviewChannels {
  readonly channels: readonly { readonly channel: string; readonly num_clients: number }[];
  /** Channels that match. */
  readonly total: number;
  /** False: there were too many to count them all, and small ones are missing. */
  readonly complete: boolean;
}

/** One connection of a user. */
export interface UserConnection {
  readonly client: string;
  readonly hub: string;
  /** `websocket`, or how it comes over HTTP: `sse`, `http_stream` and so on. */
  readonly transport: string;
  /** `json` or `protobuf`. */
  readonly protocol: string;
  /** When it connected, in milliseconds. */
  readonly connected_at: number;
  readonly num_subscriptions: number;
  /** Channels it is subscribed to, the first 100 of them. */
  readonly channels: readonly string[];
}

/** The result of `user_connections`. */
export interface UserConnections {
  readonly connections: readonly UserConnection[];
  /** Connections that are not listed, as they are too many. */
  readonly more: number;
  /** Hubs that may have connections of the user and did not answer. */
  readonly unanswered: number;
}
