import * as v from "valibot";
import { logEvent } from "../log.ts";

/** What the holder of a key may do. */
export interface Access {
  /** The name of the key, for logs. */
  readonly name: string;
  /** Whether a method may be called; `channel` is undefined for one that is not about a single channel. */
  allows(method: string, channel: string | undefined): boolean;
}

/** Environment bindings with the keys of the server API. */
export interface KeyBindings {
  readonly API_KEY?: string;
  readonly API_KEYS?: string;
}

const text = v.pipe(v.string(), v.nonEmpty());

const keySchema = v.strictObject({
  name: text,
  key: text,
  methods: v.optional(v.array(text)),
  channels: v.optional(v.array(text)),
});

/** One key: without `methods` or `channels` it is for all of them. `channels` are prefixes. */
export type ApiKey = v.InferOutput<typeof keySchema>;

/** What needs no key, because a service binding is the permission. */
export const FULL_ACCESS: Access = { name: "binding", allows: () => true };

/** The keys that the environment holds. A list that cannot be read gives none, so that a typing error opens nothing. */
export function readKeys({ API_KEY, API_KEYS }: KeyBindings): readonly ApiKey[] {
  return [...(API_KEY ? [{ name: "API_KEY", key: API_KEY }] : []), ...(API_KEYS ? readList(API_KEYS) : [])];
}

function readList(list: string): readonly ApiKey[] {
  try {
    return v.parse(v.array(keySchema), JSON.parse(list));
  } catch {
    // The reason may quote a key.
    logEvent("api.keys_unreadable");
    return [];
  }
}

/** Who sends a request, or undefined when its key is missing or unknown, or when there are no keys. */
export async function accessOf(request: Request, bindings: KeyBindings): Promise<Access | undefined> {
  const sent = sentKey(request);
  if (sent === undefined || sent === "") return undefined;
  const digest = await digestOf(sent);
  let found: ApiKey | undefined;
  // Every key is looked at, and all of each: the time that this takes tells nothing about them.
  for (const key of readKeys(bindings)) if (isSame(digest, await digestOf(key.key))) found = key;
  return found && accessWith(found);
}

/** What a key allows. */
export function accessWith({ name, methods, channels }: ApiKey): Access {
  return {
    name,
    allows(method, channel) {
      if (methods !== undefined && !methods.includes(method)) return false;
      if (channels === undefined) return true;
      // What is about more than one channel is for a key of some channels only where it names the method.
      return channel === undefined
        ? methods !== undefined
        : channels.some((prefix) => covers(prefix, channel));
    },
  };
}

const SEPARATORS = [":", "/", "#"];

/** Whether a channel is, or stands below, what a prefix names: `chat` and `chat:` cover `chat:1`, but not `chatter:1`. */
function covers(prefix: string, channel: string): boolean {
  if (!channel.startsWith(prefix)) return false;
  return (
    channel.length === prefix.length ||
    SEPARATORS.includes(prefix.at(-1) ?? "") ||
    SEPARATORS.includes(channel.charAt(prefix.length))
  );
}

/** The key in the header `X-API-Key`, in `Authorization: apikey …`, or in the query as `api_key`: the first that is there. */
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

/** Digests have one length, so how long this takes depends on nothing. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  let difference = 0;
  for (let index = 0; index < one.length; index += 1) difference |= (one[index] ?? 0) ^ (other[index] ?? 0);
  return difference === 0;
}
