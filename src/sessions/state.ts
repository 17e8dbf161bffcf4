import type { KeptHeaders } from "../channels/kept-headers.ts";
import type { Encoding } from "../protocol/codecs.ts";
import type { HttpStream } from "../protocol/http/transports.ts";
import type { Json } from "../protocol/messages.ts";

import type { TraceContext } from "../shared/trace-context.ts";

/** What a session may be told about one of its channels, and how it was granted. */
export interface Subscription {
  readonly channel: string;
  readonly isServerSide: boolean;
  readonly isPositioned: boolean;
  readonly isRecoverable: boolean;
  /** Whether this session is sent join and leave events. */
  readonly wantsJoinLeave: boolean;
  /** Whether this session's coming and going is announced. */
  readonly isAnnounced: boolean;
  /** Whether the subscription shows in presence. */
  readonly isPresent: boolean;
  readonly info: Json | undefined;
  /** When it expires, in Unix seconds; undefined for never. */
  readonly expireAt: number | undefined;
  /** Whether the client refreshes it by itself with a token. */
  readonly hasToken: boolean;
  /** Whether the server API has added it to the connection, of which its token knows nothing. */
  readonly isAdded: boolean;
}

/** What a session takes with it into sleep. */
export interface SessionState {
  readonly client: string;
  /** Where the client is not at the other end of a WebSocket. */
  readonly stream: HttpStream | undefined;
  readonly encoding: Encoding;
  /** When the socket was accepted, then when it connected, then when it sent a pong that the runtime did not take, in milliseconds. */
  since: number;
  connected: boolean;
  /** When it connected, where `since` is a pong. */
  connectedAt?: number | undefined;
  /** Whether its connect was answered with an error: it may not try again. */
  refused: boolean;
  user: string;
  info: Json | undefined;
  meta: Json | undefined;
  /** When the connection expires, in Unix seconds; undefined for never. */
  expireAt: number | undefined;
  /** What hooks are told of the handshake's headers; undefined where nothing of them is kept. */
  headers: KeptHeaders | undefined;
  /** Whether the client refreshes the connection by itself with a token. */
  hasToken: boolean;
  /** What its handshake belongs to; undefined for one of a build that kept none. */
  readonly trace: TraceContext | undefined;
}

/** What a handshake says of the connection that it opens. */
export interface Handshake {
  readonly encoding: Encoding;
  /** Headers that hooks are told of. */
  readonly headers?: KeptHeaders | undefined;
  /** Where the client is not at the other end of a WebSocket. */
  readonly stream?: HttpStream | undefined;
  readonly trace?: TraceContext | undefined;
}

/** The state of a socket that has just been accepted. */
export function newSessionState(now: number, { encoding, headers, stream, trace }: Handshake): SessionState {
  return {
    client: crypto.randomUUID(),
    encoding,
    stream,
    since: now,
    connected: false,
    refused: false,
    user: "",
    info: undefined,
    meta: undefined,
    expireAt: undefined,
    headers,
    hasToken: false,
    trace,
  };
}

/** What a connection remembers: the state itself, or the note that it is in a row because it is too large. */
export type SessionAttachment =
  | { readonly version: number; readonly client: string; readonly state: string }
  | { readonly version: number; readonly client: string; readonly state: undefined };

/** The state as text, subscriptions as short lists: 128 of them with long names are common enough. */
export function encodeSessionState(state: SessionState, subscriptions: Iterable<Subscription>): string {
  return JSON.stringify({
    ...state,
    // As of builds that had nothing else.
    encoding: state.encoding === "json" ? undefined : state.encoding,
    subscriptions: Array.from(subscriptions, (subscription) => [
      subscription.channel,
      encodeFlags(subscription),
      subscription.info,
      subscription.expireAt,
    ]),
  });
}

/** What JSON leaves of a state: nothing is undefined there. */
interface WrittenState {
  readonly client: string;
  readonly stream?: HttpStream | null;
  readonly encoding?: Encoding;
  readonly user: string;
  readonly since: number;
  readonly connected: boolean;
  readonly connectedAt?: number;
  readonly refused: boolean;
  readonly info?: Json | null;
  readonly meta?: Json | null;
  readonly expireAt?: number | null;
  readonly headers?: KeptHeaders | null;
  readonly hasToken: boolean;
  readonly trace?: TraceContext;
  readonly subscriptions: readonly WrittenSubscription[];
}

type WrittenSubscription = readonly [
  channel: string,
  flags: number,
  info: Json | null,
  expireAt: number | null,
];

/** Field by field: a hub that wakes reads thousands, and spreading takes twice as long. */
export function decodeSessionState(text: string): {
  readonly state: SessionState;
  readonly subscriptions: readonly Subscription[];
} {
  const written = JSON.parse(text) as WrittenState;
  const state: SessionState = {
    client: written.client,
    stream: written.stream ?? undefined,
    encoding: written.encoding ?? "json",
    since: written.since,
    connected: written.connected,
    connectedAt: written.connectedAt,
    refused: written.refused,
    user: written.user,
    info: written.info ?? undefined,
    meta: written.meta ?? undefined,
    expireAt: written.expireAt ?? undefined,
    headers: written.headers ?? undefined,
    hasToken: written.hasToken,
    trace: written.trace,
  };
  return { state, subscriptions: written.subscriptions.map(decodeSubscription) };
}

/** The bits of what holds of a subscription, or does not. */
const FLAGS = {
  isServerSide: 1,
  isPositioned: 2,
  isRecoverable: 4,
  wantsJoinLeave: 8,
  isAnnounced: 16,
  isPresent: 32,
  hasToken: 64,
  isAdded: 128,
} as const;

const FLAG_BITS = Object.entries(FLAGS) as readonly [keyof typeof FLAGS, number][];

function encodeFlags(subscription: Readonly<Record<keyof typeof FLAGS, boolean>>): number {
  let bits = 0;
  for (const [flag, bit] of FLAG_BITS) if (subscription[flag]) bits |= bit;
  return bits;
}

function decodeSubscription([channel, flags, info, expireAt]: WrittenSubscription): Subscription {
  return {
    channel,
    isServerSide: (flags & FLAGS.isServerSide) !== 0,
    isPositioned: (flags & FLAGS.isPositioned) !== 0,
    isRecoverable: (flags & FLAGS.isRecoverable) !== 0,
    wantsJoinLeave: (flags & FLAGS.wantsJoinLeave) !== 0,
    isAnnounced: (flags & FLAGS.isAnnounced) !== 0,
    isPresent: (flags & FLAGS.isPresent) !== 0,
    info: info ?? undefined,
    expireAt: expireAt ?? undefined,
    hasToken: (flags & FLAGS.hasToken) !== 0,
    isAdded: (flags & FLAGS.isAdded) !== 0,
  };
}
