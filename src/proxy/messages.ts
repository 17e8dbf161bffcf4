/**
 * What a backend is asked, and what it answers, as JSON bodies. Members that are absent may be null in answers. Times are
 * in Unix seconds.
 */
import type { HookRefusal } from "../channels/hooks.ts";

/** What every request to a backend tells of the connection. */
export interface ProxyConnection {
  /** The id of the connection. */
  readonly client: string;
  readonly transport: "websocket";
  readonly protocol: "json";
  /** `binary`: payloads are in `b64data`, with `binary_encoding`. */
  readonly encoding: "json" | "binary";
}

/** What requests after the connect tell besides. */
export interface ProxyUser extends ProxyConnection {
  /** "" is an anonymous user. */
  readonly user: string;
  /** What the connect gave the connection, with `include_connection_meta`. */
  readonly meta?: unknown;
}

/** A payload of the client: one of both, or neither. */
export interface ProxyPayload {
  readonly data?: unknown;
  /** JSON in base64. */
  readonly b64data?: string;
}

/** A client without a token connects. */
export interface ConnectRequest extends ProxyConnection, ProxyPayload {
  /** What the client calls itself, such as "js". */
  readonly name: string;
  readonly version: string;
  /** Server-side subscriptions that the client wants to recover. */
  readonly channels?: readonly string[];
}

/** A client subscribes without a token. */
export interface SubscribeRequest extends ProxyUser, ProxyPayload {
  readonly channel: string;
}

/** A client publishes. */
export interface PublishRequest extends ProxyUser, ProxyPayload {
  readonly channel: string;
}

/** A client calls a method. */
export interface RpcRequest extends ProxyUser, ProxyPayload {
  readonly method: string;
}

/** A connection has expired. */
export type RefreshRequest = ProxyUser;

/** A subscription has expired. */
export interface SubRefreshRequest extends ProxyUser {
  readonly channel: string;
}

/** An answer of status 200. `{}` is an empty result; to `connect`, `refresh` and `sub_refresh` it means no. */
export type ProxyAnswer<Result> = { readonly result: Result } | HookRefusal | Record<string, never>;

/** What others are shown of a client; `b64info` is JSON in base64, and goes before `info`. */
export interface InfoResult {
  readonly info?: unknown;
  readonly b64info?: string;
}

/** What a subscription is given. */
export interface SubscribeResult extends InfoResult, ProxyPayload {
  readonly expire_at?: number;
  /** Options of the channel that are other ones for this subscription. */
  readonly override?: Readonly<
    Partial<
      Record<
        "presence" | "join_leave" | "force_push_join_leave" | "force_recovery" | "force_positioning",
        { readonly value: boolean }
      >
    >
  >;
}

/** What a connection is given. */
export interface ConnectResult extends InfoResult, ProxyPayload {
  /** Absent or "": an anonymous user. */
  readonly user?: string;
  readonly expire_at?: number;
  /** Server-side subscriptions with nothing special. */
  readonly channels?: readonly string[];
  /** Server-side subscriptions by channel. */
  readonly subs?: Readonly<Record<string, SubscribeResult>>;
  /** For later requests about this connection; no client sees it. */
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** How a publication is changed. */
export interface PublishResult extends ProxyPayload {
  readonly tags?: Readonly<Record<string, string>>;
  readonly skip_history?: boolean;
  readonly idempotency_key?: string;
  readonly version?: number;
  readonly version_epoch?: string;
}

/** What a call returns. */
export type RpcResult = ProxyPayload;

/** Until when a subscription goes on; without a time it does not expire any more. */
export interface SubRefreshResult extends InfoResult {
  readonly expired?: boolean;
  readonly expire_at?: number;
}

/** Until when a connection goes on; without a time it does not expire any more. */
export interface RefreshResult extends SubRefreshResult {
  readonly meta?: Readonly<Record<string, unknown>>;
}
