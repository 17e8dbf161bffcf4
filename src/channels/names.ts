import { CHANNEL_LIMITS } from "../shared/limits.ts";
import { exceeds } from "../shared/payload-size.ts";

/** What a channel's name says. */
export interface ChannelName {
  /** The whole name. */
  readonly name: string;
  /** What stands before the first ":", or "" for none. */
  readonly namespace: string;
  /** What stands after the namespace; a namespace's `channel_regex` is about this. */
  readonly rest: string;
  /** Begins with "$": nobody subscribes without a token. */
  readonly isPrivate: boolean;
  /** The users after "#", separated by ",": where the namespace allows it, only they may subscribe. */
  readonly users: readonly string[] | undefined;
  /** The name up to the first "/": names the channel's home, so channels that share it share a home. */
  readonly key: string;
}

/** Names of namespaces. */
export const NAMESPACE_NAME = /^[A-Za-z0-9_.-]{2,}$/;

/** Splits a name into its parts. Takes any text; `checkChannelName` says whether it may be used. */
export function parseChannel(channel: string): ChannelName {
  const isPrivate = channel.startsWith("$");
  const open = isPrivate ? channel.slice(1) : channel;
  const [namespace, rest] = cut(open, ":") ?? ["", open];
  return { name: channel, namespace, rest, isPrivate, users: usersOf(channel), key: keyOf(channel) };
}

function cut(text: string, separator: string): [before: string, after: string] | undefined {
  const at = text.indexOf(separator);
  return at === -1 ? undefined : [text.slice(0, at), text.slice(at + 1)];
}

/** Without the user "": that would be every anonymous connection. */
function usersOf(channel: string): readonly string[] | undefined {
  const at = channel.lastIndexOf("#");
  if (at === -1) return undefined;
  return channel
    .slice(at + 1)
    .split(",")
    .filter((user) => user !== "");
}

function keyOf(channel: string): string {
  return cut(channel, "/")?.[0] ?? channel;
}

export type NameCheck = "ok" | "empty" | "too long" | "bad characters";

/**
 * Whether a channel may have this name: 1 to 255 bytes of ASCII, or of any text that matches the expression of its
 * namespace.
 */
export function checkChannelName({ name, rest }: ChannelName, regex?: RegExp): NameCheck {
  if (name === "") return "empty";
  if (exceeds(CHANNEL_LIMITS.nameLength, name)) return "too long";
  // A lone surrogate is written to storage as U+FFFD, so that two names would become one.
  const isAllowed = regex === undefined ? ASCII.test(name) : name.isWellFormed() && regex.test(rest);
  return isAllowed ? "ok" : "bad characters";
}

const ASCII = /^[\0-\x7f]*$/;

/**
 * The channel to which the server subscribes a user's connections; undefined for a user whose name would let others
 * subscribe to it.
 */
export function personalChannel(namespace: string, user: string): string | undefined {
  if (user === "" || /[#,]/.test(user)) return undefined;
  if (namespace !== "") return `${namespace}:#${user}`;
  return user.includes(":") ? undefined : `#${user}`;
}
