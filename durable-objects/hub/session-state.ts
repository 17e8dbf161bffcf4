import type { Json } from "../../src/protocol/messages.ts";
import type { KeptHeaders } from "../../src/proxy/headers.ts";

/** What a session may be told about one of its channels, and how it was let in. */
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
  /** When the socket was accepted, then when it connected, then when it sent a pong that the runtime did not take, in milliseconds. */
  since: number;
  connected: boolean;
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
  subscriptions: readonly Subscription[];
}

/** The state of a socket that has just been accepted. */
export function newSessionState(now: number, headers?: KeptHeaders): SessionState {
  return {
    client: crypto.randomUUID(),
    since: now,
    connected: false,
    refused: false,
    user: "",
    info: undefined,
    meta: undefined,
    expireAt: undefined,
    headers,
    hasToken: false,
    subscriptions: [],
  };
}

/** What an attachment holds: the state itself, or the note that it is in a row because it is too large. */
export type SessionAttachment =
  | { readonly version: number; readonly client: string; readonly state: string }
  | { readonly version: number; readonly client: string; readonly state: undefined };

/** The state as text, subscriptions as short lists: 128 of them with long names are common enough. */
export function encodeSessionState(state: SessionState, subscriptions: Iterable<Subscription>): string {
  return JSON.stringify({
    ...state,
    subscriptions: [...subscriptions].map((subscription) => [
      subscription.channel,
      encodeFlags(subscription),
      subscription.info,
      subscription.expireAt,
    ]),
  });
}

export function decodeSessionState(text: string): SessionState {
  const { subscriptions, ...state } = JSON.parse(text) as Omit<SessionState, "subscriptions"> & {
    subscriptions: [string, number, string | null, number | null][];
  };
  return {
    ...state,
    info: state.info ?? undefined,
    meta: state.meta ?? undefined,
    expireAt: state.expireAt ?? undefined,
    headers: state.headers ?? undefined,
    subscriptions: subscriptions.map(([channel, flags, info, expireAt]) => ({
      channel,
      ...decodeFlags(flags),
      info: info ?? undefined,
      expireAt: expireAt ?? undefined,
    })),
  };
}

const FLAGS = [
  "isServerSide",
  "isPositioned",
  "isRecoverable",
  "wantsJoinLeave",
  "isAnnounced",
  "isPresent",
  "hasToken",
  "isAdded",
] as const;

type Flags = Record<(typeof FLAGS)[number], boolean>;

function encodeFlags(flags: Flags): number {
  return FLAGS.reduce((bits, flag, index) => bits | (flags[flag] ? 1 << index : 0), 0);
}

function decodeFlags(bits: number): Flags {
  return Object.fromEntries(FLAGS.map((flag, index) => [flag, (bits & (1 << index)) !== 0])) as Flags;
}
