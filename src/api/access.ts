import type { ApiKey } from "./key-list.ts";
import type { OperatorToken } from "./operator-token.ts";
import { isRight, needsRight, type Right, rightFor } from "./rights.ts";

/** What the sender of a request may do. */
export interface Access {
  /** The name of the key, for logs. */
  readonly name: string;
  /** Whether a method may be called; `channel` is undefined for one that is not about a single channel. */
  allows(method: string, channel: string | undefined): boolean;
  /** Whether a method may be called for a room, which is named as `chat/lobby`. */
  allowsRoom(method: string, room: string): boolean;
  /** Whether a right was given. A key for some channels has `trace` only for a `channel` among them. */
  hasRight(right: Right, channel?: string): boolean;
  /** Whether a call of a method is what an operator does, and not a backend. */
  isOperating(method: string): boolean;
  /** Makes a token with the rights of the key. Absent where none may be made. */
  readonly issueToken?: (now: number) => Promise<OperatorToken>;
}

/** The access of a service binding: the binding is the permission, and no key is needed. */
export const FULL_ACCESS: Access = {
  name: "binding",
  allows: () => true,
  allowsRoom: () => true,
  hasRight: () => true,
  isOperating: (method) => needsRight(method) && rightFor(method) === "operate",
};

/** What a key allows. */
export function accessWith(key: ApiKey): Access {
  const { name, methods, rooms } = key;
  const isNamed = (method: string, channel: string | undefined) =>
    !needsRight(method) && isWithin(key, method, channel);
  return {
    ...rightsWith(key),
    name,
    allows: (method, channel) => isNamed(method, channel) || isBrought(key, method, channel),
    allowsRoom: (method, room) =>
      methods?.includes(method) === true && rooms?.some((prefix) => covers(prefix, room)) === true,
    isOperating: (method) =>
      rightFor(method) === "operate" && isBrought(key, method, undefined) && !methods?.includes(method),
  };
}

/** What an operator token allows: what the rights of its key bring, whatever else the key is for. */
export function tokenAccess(key: ApiKey): Access {
  return {
    ...rightsWith(key),
    name: key.name,
    allows: (method, channel) => isBrought(key, method, channel),
    allowsRoom: () => false,
    isOperating: (method) => rightFor(method) === "operate" && isBrought(key, method, undefined),
  };
}

/** The rights of a key. One for some channels or rooms has none, but for `trace` of its channels. */
export function rightsOf({ methods = [], channels, rooms }: ApiKey): readonly Right[] {
  const isLimited = channels !== undefined || rooms !== undefined;
  return methods.filter(isRight).filter((right) => !isLimited || (right === "trace" && channels));
}

function rightsWith(key: ApiKey): Pick<Access, "hasRight"> {
  const rights = rightsOf(key);
  return {
    hasRight: (right, channel) => rights.includes(right) && isWithinChannels(key, channel),
  };
}

function isBrought(key: ApiKey, method: string, channel: string | undefined): boolean {
  const right = rightFor(method);
  return right !== undefined && rightsOf(key).includes(right) && isWithinChannels(key, channel);
}

function isWithinChannels({ channels }: ApiKey, channel: string | undefined): boolean {
  if (channels === undefined) return true;
  return channel !== undefined && channels.some((prefix) => covers(prefix, channel));
}

function isWithin(key: ApiKey, method: string, channel: string | undefined): boolean {
  const { methods } = key;
  if (methods !== undefined && !methods.includes(method)) return false;
  // A key for some channels may call a method that is not about a single channel only if it names the method.
  return channel === undefined && methods !== undefined ? true : isWithinChannels(key, channel);
}

const SEPARATORS = [":", "/", "#"];

/**
 * Whether a prefix covers a channel or a room, as its name or as something above it: `chat` and `chat:` cover `chat:1`, but not
 * `chatter:1`.
 */
function covers(prefix: string, channel: string): boolean {
  if (!channel.startsWith(prefix)) return false;
  return (
    channel.length === prefix.length ||
    SEPARATORS.includes(prefix.at(-1) ?? "") ||
    SEPARATORS.includes(channel.charAt(prefix.length))
  );
}
