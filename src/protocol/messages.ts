/**
 * The words of the client protocol, free of any encoding. Payloads (`data`, `info`) are JSON text, and those of publications
 * also bytes: they are read from a client once, and go to storage and to every other client as they are.
 */

/** JSON text that is passed through unread. */
export type Json = string;

/** Bytes that are passed through unread. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** The payload of a publication: JSON text, or bytes where the channel's `publication_data_format` is `binary`. */
export type PublicationData = Json | Bytes;

/** A place in a channel's stream. */
export interface StreamPosition {
  readonly offset: number;
  readonly epoch: string;
}

export interface ConnectCommand {
  readonly kind: "connect";
  readonly id: number;
  readonly token: string;
  readonly data: Json | undefined;
  /** Positions to recover server-side subscriptions from, by channel. */
  readonly subs: ReadonlyMap<string, StreamPosition>;
  readonly name: string;
  readonly version: string;
  /** Headers that the client could not set on its handshake, by name. */
  readonly headers: ReadonlyMap<string, string> | undefined;
}

export interface SubscribeCommand {
  readonly kind: "subscribe";
  readonly id: number;
  readonly channel: string;
  readonly token: string;
  /** Where to recover from, when the client asks to. */
  readonly recover: StreamPosition | undefined;
  readonly positioned: boolean;
  readonly recoverable: boolean;
  readonly joinLeave: boolean;
  readonly data: Json | undefined;
  /** Other than 0: a map or shared-poll subscription, which is refused. */
  readonly type: number;
  readonly delta: string;
  readonly hasTagsFilter: boolean;
  /** Bit 2: answer error 112 rather than `recovered: false`. */
  readonly flag: number;
}

export interface UnsubscribeCommand {
  readonly kind: "unsubscribe";
  readonly id: number;
  readonly channel: string;
}

export interface PublishCommand {
  readonly kind: "publish";
  readonly id: number;
  readonly channel: string;
  /** Bytes, as long as the codec cannot know whether they are to be JSON. */
  readonly data: PublicationData | undefined;
}

export interface PresenceCommand {
  readonly kind: "presence" | "presence_stats";
  readonly id: number;
  readonly channel: string;
}

export interface HistoryCommand {
  readonly kind: "history";
  readonly id: number;
  readonly channel: string;
  /** 0: only the position. -1: everything, up to the limit. */
  readonly limit: number;
  readonly since: StreamPosition | undefined;
  readonly reverse: boolean;
}

export interface RpcCommand {
  readonly kind: "rpc";
  readonly id: number;
  readonly method: string;
  readonly data: Json | undefined;
}

export interface SendCommand {
  readonly kind: "send";
  readonly data: Json | undefined;
}

export interface RefreshCommand {
  readonly kind: "refresh";
  readonly id: number;
  readonly token: string;
}

export interface SubRefreshCommand {
  readonly kind: "sub_refresh";
  readonly id: number;
  readonly channel: string;
  readonly token: string;
}

/** The empty command that answers a ping. */
export interface PongCommand {
  readonly kind: "pong";
}

/**
 * A command that is longer than one may be, or whose payload is nested too deeply or no JSON: it is answered with an error
 * and not carried out.
 */
export interface InvalidCommand {
  readonly kind: "invalid";
  readonly id: number;
}

export type Command =
  | ConnectCommand
  | SubscribeCommand
  | UnsubscribeCommand
  | PublishCommand
  | PresenceCommand
  | HistoryCommand
  | RpcCommand
  | SendCommand
  | RefreshCommand
  | SubRefreshCommand
  | PongCommand
  | InvalidCommand;

/** Who is behind a connection, as others see it. */
export interface ClientInfo {
  readonly user: string;
  readonly client: string;
  readonly connInfo: Json | undefined;
  readonly chanInfo: Json | undefined;
}

/** What is published, before the stream gives it an offset. */
export interface NewPublication {
  readonly data: PublicationData;
  readonly info: ClientInfo | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
}

/**
 * A publication as hubs store it and hand it on (docs/decisions/0007): its data, offset, info and tags as JSON text, or as
 * Protobuf where the data is bytes; made by `wirePublication`. A codec reads it. Its `length` is what it takes in memory, in
 * a call and in a row.
 */
export type WirePublication = string | Bytes;

/** When something expires; `ttl` in seconds. */
export interface Expiry {
  readonly expires: boolean;
  readonly ttl: number;
}

/** Why something was ended. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
}

/** What a subscribe reply, or a server-side subscription in a connect reply, says. */
export interface SubscribeResult extends Expiry {
  readonly recoverable: boolean;
  readonly positioned: boolean;
  readonly epoch: string;
  readonly offset: number;
  readonly publications: readonly WirePublication[];
  readonly recovered: boolean;
  readonly wasRecovering: boolean;
  readonly data: Json | undefined;
}

export interface ConnectReply extends Expiry {
  readonly kind: "connect";
  readonly client: string;
  readonly version: string;
  readonly data: Json | undefined;
  readonly subs: ReadonlyMap<string, SubscribeResult>;
  /** Seconds between two pings. */
  readonly ping: number;
  readonly pong: boolean;
  /** Where further commands are posted to, for a client over HTTP. */
  readonly emulation?: Emulation;
}

/** What a client over HTTP names its session by, and the hub that holds it. */
export interface Emulation {
  readonly session: string;
  readonly node: string;
}

export interface SubscribeReply extends SubscribeResult {
  readonly kind: "subscribe";
}

export interface PresenceReply {
  readonly kind: "presence";
  readonly members: readonly ClientInfo[];
}

export interface PresenceStatsReply {
  readonly kind: "presence_stats";
  readonly clients: number;
  readonly users: number;
}

export interface HistoryReply extends StreamPosition {
  readonly kind: "history";
  readonly publications: readonly WirePublication[];
}

export interface RpcReply {
  readonly kind: "rpc";
  readonly data: Json | undefined;
}

export interface RefreshReply extends Expiry {
  readonly kind: "refresh";
  readonly client: string;
  readonly version: string;
}

export interface SubRefreshReply extends Expiry {
  readonly kind: "sub_refresh";
}

/** What a command is answered with, unless it is an error. */
export type Reply =
  | ConnectReply
  | SubscribeReply
  | { readonly kind: "unsubscribe" | "publish" }
  | PresenceReply
  | PresenceStatsReply
  | HistoryReply
  | RpcReply
  | RefreshReply
  | SubRefreshReply;

export interface PublicationPush {
  readonly kind: "publication";
  readonly channel: string;
  readonly publication: WirePublication;
}

/** Somebody has come to a channel, or left it. */
export interface JoinLeavePush {
  readonly kind: "join" | "leave";
  readonly channel: string;
  readonly info: ClientInfo;
}

export interface UnsubscribePush extends Ending {
  readonly kind: "unsubscribe";
  readonly channel: string;
}

/** A server-side subscription that was added while connected. */
export interface SubscribePush
  extends Pick<SubscribeResult, "recoverable" | "epoch" | "offset" | "positioned" | "data"> {
  readonly kind: "subscribe";
  readonly channel: string;
}

/** The connection expires at another time. */
export interface RefreshPush extends Expiry {
  readonly kind: "refresh";
}

/** The connection ends. Over WebSocket, its close says so. */
export interface DisconnectPush extends Ending {
  readonly kind: "disconnect";
}

/** What a client is sent unasked. */
export type Push =
  | PublicationPush
  | JoinLeavePush
  | UnsubscribePush
  | SubscribePush
  | RefreshPush
  | DisconnectPush;
