/** The server API as its callers see it. Times are in Unix seconds, those of the overview in milliseconds. */

import type { OverviewChannels, OverviewSnapshot, UserConnections } from "../overview/messages.ts";

/** An error of the server API. */
export interface ApiError {
  readonly code: number;
  readonly message: string;
}

/** A payload: one of both. */
interface Data {
  /** Any JSON value of at most 128 KiB. */
  readonly data?: unknown;
  /** The same as JSON in base64. It goes before `data`. */
  readonly b64data?: string | null | undefined;
}

/** What is shown of a connection or a subscription: one of both. */
interface Info {
  /** Any JSON value of at most 4 KiB. */
  readonly info?: unknown;
  /** The same as JSON in base64. It goes before `info`. */
  readonly b64info?: string | null | undefined;
}

interface Publishing extends Data {
  /** The same in base64: JSON, or any bytes where the namespace has the format `binary`. It goes before `data`. */
  readonly b64data?: string | null | undefined;
  /** Whether it is not stored: it has no offset then, and is not recovered. */
  readonly skip_history?: boolean | null | undefined;
  /** Texts by name that subscribers see, at most 8 KiB. */
  readonly tags?: Readonly<Record<string, string>> | null | undefined;
  /** Publications with one key are published once in a channel within five minutes. At most 256 characters. */
  readonly idempotency_key?: string | null | undefined;
  /** Ignored: publications are sent whole. */
  readonly delta?: boolean | null | undefined;
  /** With history: not published after one of the same or a newer version. */
  readonly version?: number | null | undefined;
  /** Only versions of one epoch are compared. */
  readonly version_epoch?: string | null | undefined;
}

interface Channel {
  readonly channel: string;
}

/** A room of a kind. */
interface Room {
  readonly kind: string;
  readonly room: string;
}

/** Which connections of a user a command is for. */
interface Connections {
  /** Not "". */
  readonly user: string;
  /** The id of one connection; "" or absent: all. */
  readonly client?: string | null | undefined;
  /** No connection has one: anything but "" is none. */
  readonly session?: string | null | undefined;
}

/** A place in a stream. */
type Position = {
  readonly offset?: number | null | undefined;
  readonly epoch?: string | null | undefined;
};

type Overridden = { readonly value?: boolean | null | undefined } | null | undefined;

/** Options of the channel that are other ones for this subscription. */
type Override = {
  readonly presence?: Overridden;
  readonly join_leave?: Overridden;
  readonly force_recovery?: Overridden;
  readonly force_positioning?: Overridden;
  readonly force_push_join_leave?: Overridden;
};

/** The request of each method. Other members are ignored, and null counts as absent. */
export interface ApiRequests {
  readonly publish: Channel & Publishing;
  /** At most 1,000 channels. */
  readonly broadcast: { readonly channels: string[] } & Publishing;
  readonly subscribe: Connections &
    Channel &
    Info &
    Data & {
      /** From where the subscription is recovered. */
      readonly recover_since?: Position | null | undefined;
      /** 0 or absent: it does not expire. */
      readonly expire_at?: number | null | undefined;
      readonly override?: Override | null | undefined;
    };
  /** `channel` "" or absent: all. */
  readonly unsubscribe: Connections & { readonly channel?: string | null | undefined };
  readonly disconnect: Connections & {
    /** Ids of connections that stay, at most 1,000. */
    readonly whitelist?: string[] | null | undefined;
    /** `code` is 3000 to 4999; `reason` has at most 123 bytes. */
    readonly disconnect?:
      | { readonly code?: number | null | undefined; readonly reason?: string | null | undefined }
      | null
      | undefined;
  };
  readonly refresh: Connections &
    Info & {
      /** Whether it ends now. */
      readonly expired?: boolean | null | undefined;
      /** 0 or absent: it does not expire. */
      readonly expire_at?: number | null | undefined;
    };
  readonly block_user: {
    /** Not "". */
    readonly user: string;
    /** Unix seconds, at most 366 days from now; 0 or absent: 366 days from now. */
    readonly until?: number | null | undefined;
    /** What its clients are told: plain words of at most 123 bytes. Default "blocked". */
    readonly reason?: string | null | undefined;
  };
  readonly unblock_user: { readonly user: string };
  readonly presence: Channel;
  readonly presence_stats: Channel;
  readonly history: Channel & {
    /** 0 or absent: only the position. Negative: everything up to the limits of the configuration. */
    readonly limit?: number | null | undefined;
    readonly since?: Position | null | undefined;
    /** Whether the newest come first. */
    readonly reverse?: boolean | null | undefined;
  };
  readonly history_remove: Channel;
  readonly channels: {
    /** A glob such as `chat:*`; "" or absent: all. */
    readonly pattern?: string | null | undefined;
  };
  readonly info: object;
  readonly overview: object;
  readonly overview_channels: {
    /** A text in the names; "" or absent: all channels. */
    readonly search?: string | null | undefined;
    /** Channels of a page, 1 to 1,000. Default 100. */
    readonly limit?: number | null | undefined;
    /** Channels before the first one of the page. */
    readonly offset?: number | null | undefined;
  };
  readonly user_connections: {
    /** Not "". */
    readonly user: string;
  };
  readonly room_publish: Room & {
    readonly topic: string;
    /** A text. */
    readonly data?: string | null | undefined;
    /** Bytes in base64. It goes before `data`. */
    readonly b64data?: string | null | undefined;
  };
  readonly room_sockets: Room & {
    /** `next` of the page before; "" or absent: the first page. */
    readonly after?: string | null | undefined;
    /** Sockets of a page, 1 to 1,000. Default 100. */
    readonly limit?: number | null | undefined;
    /** Whether `data` of the sockets is listed too. */
    readonly data?: boolean | null | undefined;
  };
  readonly room_close: Room & {
    /** 1000, the default, or 3000 to 4999. */
    readonly code?: number | null | undefined;
    /** At most 123 bytes. */
    readonly reason?: string | null | undefined;
  };
  readonly room_call: Room & {
    /** A function of `calls` of the kind. */
    readonly name: string;
    /** JSON values. */
    readonly arguments?: unknown[] | null | undefined;
  };
  readonly batch: {
    /** At most 1,000, such as `{ "publish": { "channel": "news", "data": 1 } }`. */
    readonly commands: unknown[];
    readonly parallel?: boolean | null | undefined;
  };
}

/** The position of a publication; absent without history. */
interface Published {
  readonly offset?: number | undefined;
  readonly epoch?: string | undefined;
}

/** A connection that is subscribed, or that has published. */
interface ClientInfo {
  readonly user: string;
  readonly client: string;
  readonly conn_info?: unknown;
  readonly chan_info?: unknown;
}

interface Publication {
  /** Absent where `b64data` is there: in a namespace of the format `binary`. */
  readonly data?: unknown;
  readonly b64data?: string | undefined;
  readonly offset?: number | undefined;
  readonly info?: ClientInfo | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

interface Counts {
  readonly num_clients: number;
  readonly num_users: number;
}

/** A hub that is awake. */
interface Node extends Counts {
  readonly uid: string;
  readonly name: string;
  readonly version: string;
  readonly num_channels: number;
  readonly num_subs: number;
  /** Seconds. */
  readonly uptime: number;
}

/** A socket of a room. */
interface RoomSocketInfo {
  readonly id: string;
  readonly remote_address: string;
  readonly protocol: string;
  readonly tags: string[];
  readonly topics: string[];
  readonly data?: unknown;
}

/** What each method answers. */
export interface ApiResults {
  readonly publish: Published;
  /** In the order of the channels. */
  readonly broadcast: {
    readonly responses: ({ readonly result: Published } | { readonly error: ApiError })[];
  };
  readonly subscribe: object;
  readonly unsubscribe: object;
  readonly disconnect: object;
  readonly refresh: object;
  readonly block_user: object;
  readonly unblock_user: object;
  /** By the id of the connection. */
  readonly presence: { readonly presence: Readonly<Record<string, ClientInfo>> };
  readonly presence_stats: Counts;
  /** `offset` and `epoch` are those of the stream. */
  readonly history: {
    readonly publications: Publication[];
    readonly offset: number;
    readonly epoch: string;
  };
  readonly history_remove: object;
  /** By name. */
  readonly channels: { readonly channels: Readonly<Record<string, { readonly num_clients: number }>> };
  readonly info: { readonly nodes: Node[] };
  readonly overview: OverviewSnapshot;
  readonly overview_channels: OverviewChannels;
  readonly user_connections: UserConnections;
  readonly room_publish: { readonly reached: number };
  /** `next` is absent on the last page. */
  readonly room_sockets: { readonly sockets: RoomSocketInfo[]; readonly next?: string | undefined };
  readonly room_close: { readonly closed: number };
  /** What the function returned. */
  readonly room_call: { readonly value?: unknown };
  /** In the order of the commands. */
  readonly batch: { readonly replies: unknown[] };
}

export type ApiMethod = keyof ApiRequests;
/** What a caller may write. */
export type ApiRequest<Method extends ApiMethod> = ApiRequests[Method];
/** What a method answers, parsed. */
export type ApiResult<Method extends ApiMethod> = ApiResults[Method];
/** The result of a method, or why there is none. */
export type ApiReply<Method extends ApiMethod> =
  | { readonly result: ApiResult<Method> }
  | { readonly error: ApiError };
