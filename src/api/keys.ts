import * as v from "valibot";
import { logEvent } from "../shared/log.ts";
import { API_METHODS } from "./schemas.ts";

/** What the holder of a key may do. */
export interface Access {
  /** The name of the key, for logs. */
  readonly name: string;
  /** Whether a method may be called; `channel` is undefined for one that is not about a single channel. */
  allows(method: string, channel: string | undefined): boolean;
  /** Whether a method may be called for a room, which is named as `chat/lobby`. */
  allowsRoom(method: string, room: string): boolean;
}

/** Environment bindings with the keys of the server API. */
export interface KeyBindings {
  readonly API_KEY?: string;
  readonly API_KEYS?: string;
}

/** `GET /metrics` is no method of the API, but needs a key that names it. */
const method = v.picklist([...API_METHODS, "metrics"], "there is no such method");

// All messages are our own: those of the library quote the value, which may be a key.
const text = v.pipe(v.string("must be text"), v.nonEmpty("is empty"));
const listOf = <Item extends v.GenericSchema>(item: Item) => v.array(item, "must be a list in JSON");

const keySchema = v.pipe(
  v.strictObject(
    {
      name: text,
      key: text,
      methods: v.optional(listOf(method)),
      channels: v.optional(listOf(text)),
      rooms: v.optional(listOf(text)),
    },
    "a key has name and key, and besides only methods, channels and rooms",
  ),
  // Without methods it would be for every channel, although it looks as if it were for these rooms only.
  v.check(
    ({ rooms, methods }) => rooms === undefined || methods !== undefined,
    "a key with rooms has methods",
  ),
);

/**
 * An API key. Without `methods` it may call all methods that are not about rooms, without `channels` for all channels.
 * Methods about rooms it may call only if it names them, and the rooms. `channels` and `rooms` are prefixes.
 */
export interface ApiKey {
  readonly name: string;
  readonly key: string;
  readonly methods?: readonly string[] | undefined;
  readonly channels?: readonly string[] | undefined;
  readonly rooms?: readonly string[] | undefined;
}

/** The access of a service binding: the binding is the permission, and no key is needed. */
export const FULL_ACCESS: Access = { name: "binding", allows: () => true, allowsRoom: () => true };

/**
 * The keys of the environment. A list with a mistake anywhere gives no keys at all, so that a typing error grants
 * nothing.
 */
export function readKeys({ API_KEY, API_KEYS }: KeyBindings): readonly ApiKey[] {
  return [...(API_KEY ? [{ name: "API_KEY", key: API_KEY }] : []), ...(API_KEYS ? readList(API_KEYS) : [])];
}

function readList(list: string): readonly ApiKey[] {
  const read = v.safeParse(listOf(keySchema), parsed(list));
  if (read.success) return read.output;
  const [{ path = [], message }] = read.issues;
  logEvent("api.keys_unreadable", { why: `API_KEYS${path.map(placeOf).join("")}: ${message}` });
  return [];
}

function parsed(list: string): unknown {
  try {
    return JSON.parse(list);
  } catch {
    return undefined;
  }
}

/** A step of the path to a mistake. An unknown member is not named: it may be a key. */
function placeOf({ key }: v.IssuePathItem): string {
  if (typeof key === "number") return `[${key}]`;
  return typeof key === "string" && Object.hasOwn(keySchema.entries, key) ? `.${key}` : "";
}

/** What the sender of a request may do; undefined when its key is missing or unknown. */
export async function accessOf(request: Request, bindings: KeyBindings): Promise<Access | undefined> {
  const sent = sentKey(request);
  if (sent === undefined || sent === "") return undefined;
  const digest = await digestOf(sent);
  let found: ApiKey | undefined;
  // Every key is compared, and each one whole: the time that this takes tells nothing about the keys.
  for (const key of readKeys(bindings)) if (isSame(digest, await digestOf(key.key))) found = key;
  return found && accessWith(found);
}

/** What a key allows. */
export function accessWith({ name, methods, channels, rooms }: ApiKey): Access {
  return {
    name,
    allows(method, channel) {
      if (methods !== undefined && !methods.includes(method)) return false;
      if (channels === undefined) return true;
      // A key for some channels may call a method that is not about a single channel only if it names the method.
      return channel === undefined
        ? methods !== undefined
        : channels.some((prefix) => covers(prefix, channel));
    },
    allowsRoom: (method, room) =>
      methods?.includes(method) === true && rooms?.some((prefix) => covers(prefix, room)) === true,
  };
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

/**
 * The key in the header `X-API-Key`, in `Authorization: apikey …`, or in the query as `api_key`: the first of them that
 * is present.
 */
function sentKey(request: Request): string | undefined {
  const authorization = /^apikey\s+(.*)$/i.exec(request.headers.get("Authorization") ?? "");
  return (
    request.headers.get("X-API-Key") ??
    authorization?.[1]?.trim() ??
    new URL(request.url).searchParams.get("api_key") ??
    undefined
  );
}

async function digestOf(key: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key)));
}

/** Digests have the same length, so a comparison always takes the same time. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  let difference = 0;
  for (let index = 0; index < one.length; index += 1) difference |= (one[index] ?? 0) ^ (other[index] ?? 0);
  return difference === 0;
}
