import type { Encoding } from "../protocol/codecs.ts";
import type { Transport } from "../protocol/http/transports.ts";
import type { SubscriptionOverride } from "./override.ts";

/** A value, or the promise of one. */
export type Awaitable<T> = T | Promise<T>;

/** The connection that a hook is asked about. */
export interface HookContext {
  /** The id of the connection. */
  readonly client: string;
  /** How its client is reached. */
  readonly transport: Transport;
  /** "" is an anonymous user. */
  readonly user: string;
  /** What the client speaks. */
  readonly protocol: Encoding;
  /** What the token or the `connect` hook attached to the connection; no client sees it. */
  readonly meta: unknown;
  /** `meta` as JSON text, with every digit of its numbers. */
  readonly rawMeta: string | undefined;
  /** Headers of the handshake that `proxy.http_headers` names, in lower case; absent where it names none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `traceparent` of W3C, to be sent along with requests of this hook: the trace of the connection. */
  readonly traceparent?: string;
}

export interface ConnectContext {
  /** The id that the connection gets. */
  readonly client: string;
  /** As in the context of other hooks. */
  readonly transport: Transport;
  /** What the client speaks. */
  readonly protocol: Encoding;
  /** What the client sent with its connect command, parsed; undefined for nothing. */
  readonly data: unknown;
  /** `data` as JSON text, with every digit of its numbers. */
  readonly rawData: string | undefined;
  /** What the client calls itself, such as "js". */
  readonly name: string;
  readonly version: string;
  /** Server-side subscriptions that the client wants to recover; absent for none. */
  readonly channels?: readonly string[];
  /** As in the context of other hooks. */
  readonly headers?: Readonly<Record<string, string>>;
  /** As in the context of other hooks. */
  readonly traceparent?: string;
}

/** The connection has expired. */
export type RefreshContext = HookContext;

/** A subscription has expired. */
export interface SubscriptionRefreshContext extends HookContext {
  readonly channel: string;
}

export interface SubscribeContext extends HookContext {
  readonly channel: string;
  /** What the client sent with its subscribe command, parsed; undefined for nothing. */
  readonly data: unknown;
  /** `data` as JSON text, with every digit of its numbers. */
  readonly rawData: string | undefined;
}

export interface PublishContext extends HookContext {
  readonly channel: string;
  /** The payload, parsed: numbers above 2^53 have lost digits here, but not in what is published. */
  readonly data: unknown;
  /** `data` as JSON text, with every digit of its numbers. */
  readonly rawData: string | undefined;
  /** The payload where `publication_data_format` is `binary`: `data` and `rawData` are undefined then. */
  readonly bytes?: Uint8Array;
}

export interface RpcContext extends HookContext {
  readonly method: string;
  /** Parsed; undefined for nothing. */
  readonly data: unknown;
  /** `data` as JSON text, with every digit of its numbers. */
  readonly rawData: string | undefined;
}

export interface MessageContext extends HookContext {
  /** Parsed; undefined for nothing. */
  readonly data: unknown;
  /** `data` as JSON text, with every digit of its numbers. */
  readonly rawData: string | undefined;
}

/**
 * The command is refused with an error; `code` is 100 to 1999. The client tries again by itself when `temporary`.
 */
export interface HookError {
  readonly error: { readonly code: number; readonly message: string; readonly temporary?: boolean };
}

/**
 * The connection is closed; `code` is 4000 to 4999. From 4500 the client does not come back. `reason` is plain words,
 * 1 to 123 bytes.
 */
export interface HookDisconnect {
  readonly disconnect: { readonly code: number; readonly reason: string };
}

/** What a hook returns, or throws, to say no. */
export type HookRefusal = HookError | HookDisconnect;

/** Lets TypeScript tell a result from a refusal. */
interface NoRefusal {
  readonly error?: never;
  readonly disconnect?: never;
}

export interface SubscriptionGrant extends NoRefusal {
  /** Shown to others as `chan_info`. */
  readonly info?: unknown;
  /** Returned to the client in the subscribe reply. */
  readonly data?: unknown;
  /** Unix seconds; absent: the subscription does not expire. */
  readonly expireAt?: number;
  readonly override?: SubscriptionOverride;
}

export interface ConnectGrant extends NoRefusal {
  /** User id; "" is an anonymous user. */
  readonly user: string;
  /** Shown to others as `conn_info`. */
  readonly info?: unknown;
  /** Returned to the client in the connect reply. */
  readonly data?: unknown;
  /** Unix seconds; absent: the connection does not expire. */
  readonly expireAt?: number;
  /** Server-side subscriptions by channel. */
  readonly subs?: Readonly<Record<string, SubscriptionGrant>>;
  /** For later hooks of this connection; no client sees it. */
  readonly meta?: unknown;
}

export interface PublishGrant extends NoRefusal {
  /** Published instead of what the client sent: a value that JSON can hold, or bytes as a `Uint8Array`. */
  readonly data?: unknown;
  readonly tags?: Readonly<Record<string, string>>;
  /** Not stored, so without an offset, and not recovered. */
  readonly skipHistory?: boolean;
  /** A channel publishes the same key once within five minutes; at most 256 characters. */
  readonly idempotencyKey?: string;
  /**
   * A whole number from 1 on. In a channel with history, the publication is dropped after one of the same or a newer
   * version.
   */
  readonly version?: number;
  /** Only versions of the same epoch are compared. */
  readonly versionEpoch?: string;
}

export interface SubscriptionRefreshGrant extends NoRefusal {
  /** Whether it ends now: a subscription with 2501 or 3006, a connection with 3005. */
  readonly expired?: boolean;
  /** When to ask again, in Unix seconds; absent: it no longer expires. */
  readonly expireAt?: number;
  /** Replaces the info that others are shown. */
  readonly info?: unknown;
}

export interface RefreshGrant extends SubscriptionRefreshGrant {
  /** Replaces the `meta` of the connection. */
  readonly meta?: unknown;
}

export interface RpcAnswer extends NoRefusal {
  readonly data?: unknown;
}

/**
 * Code that decides about connections, subscriptions and publications, and answers calls. Each hook may be
 * asynchronous. It is given one object and returns a result object, or `{ error }` or `{ disconnect }`, which may be
 * thrown as well. Anything else that is thrown is logged and answered with error 100, which clients take as temporary.
 * While a hook runs, later commands on the same channel wait; during a connect, all later commands wait.
 *
 * @example
 * const hooks: Hooks = {
 *   async rpc({ method, user }) {
 *     if (method === "whoami") return { data: { user } };
 *     throw { error: { code: 404, message: "no such method" } };
 *   },
 * };
 */
export interface Hooks {
  /**
   * A client connects without a token. Returning nothing leaves it to `allowAnonymous`.
   *
   * @example
   * connect: ({ data }) => ({ user: "", info: { nickname: String(data) } })
   */
  connect?(context: ConnectContext): Awaitable<ConnectGrant | HookRefusal | undefined>;
  /**
   * A client subscribes, without a token, to a channel that is neither private nor limited to users. Returning nothing
   * leaves it to the options of the channel; `{}` allows it.
   *
   * @example
   * subscribe: async ({ channel, user }) =>
   *   (await isMember(user, channel)) ? {} : { error: { code: 403, message: "not a member" } }
   */
  subscribe?(context: SubscribeContext): Awaitable<SubscriptionGrant | HookRefusal | undefined>;
  /**
   * A client publishes. Returning nothing leaves it to the options of the channel; `{}` allows it.
   *
   * @example
   * publish: ({ user, data }) => ({ data: { from: user, text: String(data).slice(0, 500) } })
   */
  publish?(context: PublishContext): Awaitable<PublishGrant | HookRefusal | undefined>;
  /** A client calls a method. Returning nothing answers error 104, "method not found"; no hook at all, error 108. */
  rpc?(context: RpcContext): Awaitable<RpcAnswer | HookRefusal | undefined>;
  /**
   * A connection has expired, whether a token or a hook had let it in. With this hook, clients are not asked to refresh
   * by themselves. Returning nothing ends the connection with 3005. After an error or a failure it stays, and the hook
   * is asked again after 60 s.
   *
   * @example
   * refresh: async ({ user }) => ((await isActive(user)) ? { expireAt: Date.now() / 1000 + 3600 } : undefined)
   */
  refresh?(context: RefreshContext): Awaitable<RefreshGrant | HookRefusal | undefined>;
  /**
   * A subscription has expired. As `refresh`, but returning nothing ends it with 2501, or the connection with 3006
   * where the subscription is server-side.
   */
  refreshSubscription?(
    context: SubscriptionRefreshContext,
  ): Awaitable<SubscriptionRefreshGrant | HookRefusal | undefined>;
  /** A client sends a message that has no reply. Without this hook, such a message closes the connection with 3508. */
  message?(context: MessageContext): Awaitable<HookDisconnect | undefined>;
}
