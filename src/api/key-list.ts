import * as v from "valibot";
import { type LogFields, logEvent } from "../shared/log.ts";
import { rightsOf } from "./access.ts";
import { isRight, needsRight, RIGHTS } from "./rights.ts";
import { API_METHODS } from "./schemas.ts";

/** Environment bindings with the keys of the server API. */
export interface KeyBindings {
  readonly API_KEY?: string;
  readonly API_KEYS?: string;
  /** Like API_KEYS. Builds before the rights of operators do not read it, and would refuse a list that names one. */
  readonly OPERATOR_KEYS?: string;
}

/**
 * An API key. Without `methods` it may call all methods that are not about rooms and need no right, without `channels` for all
 * channels. Methods about rooms it may call only if it names them, and the rooms. `channels` and `rooms` are prefixes. Rights
 * are named among the methods.
 */
export interface ApiKey {
  readonly name: string;
  readonly key: string;
  readonly methods?: readonly string[] | undefined;
  readonly channels?: readonly string[] | undefined;
  readonly rooms?: readonly string[] | undefined;
}

/** What `methods` may name. `GET /metrics` is no method of the API, but needs a key that names it. */
const NAMES: ReadonlySet<string> = new Set([
  ...API_METHODS.filter((method) => !needsRight(method)),
  "metrics",
  ...RIGHTS,
]);

// All messages are our own: those of the library quote the value, which may be a key.
const text = v.pipe(v.string("must be text"), v.nonEmpty("is empty"));
const listOf = <Item extends v.GenericSchema>(item: Item) => v.array(item, "must be a list in JSON");

const keySchema = v.pipe(
  v.strictObject(
    {
      name: text,
      key: text,
      methods: v.optional(listOf(text)),
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
 * The keys of the environment. A list with a mistake anywhere gives no keys at all, so that a typing error grants
 * nothing. A name among `methods` that means nothing, or a right that the key cannot have, costs that name only: the next
 * build may know it, and a roll-out must not take the other keys away.
 */
export function readKeys({ API_KEY, API_KEYS, OPERATOR_KEYS }: KeyBindings): readonly ApiKey[] {
  return [
    ...(API_KEY ? [{ name: "API_KEY", key: API_KEY }] : []),
    ...(API_KEYS ? readList("API_KEYS", API_KEYS) : []),
    ...(OPERATOR_KEYS ? readList("OPERATOR_KEYS", OPERATOR_KEYS) : []),
  ];
}

function readList(binding: keyof KeyBindings, list: string): readonly ApiKey[] {
  const read = v.safeParse(listOf(keySchema), parsed(list));
  if (!read.success) {
    const [{ path = [], message }] = read.issues;
    logEvent("api.keys_unreadable", { why: `${binding}${path.map(placeOf).join("")}: ${message}` });
    return [];
  }
  for (const fields of read.output.flatMap((key, index) => ignoredNames(key, `${binding}[${index}]`)))
    logEvent("api.key_name_ignored", fields);
  return read.output;
}

/** What is to be logged of the names of a key that grant nothing. A name that is unknown is not shown: it may be a key. */
function ignoredNames(key: ApiKey, place: string): readonly LogFields[] {
  const rights = rightsOf(key);
  return (key.methods ?? []).flatMap((name, index) => {
    const why = isRight(name)
      ? !rights.includes(name) && `a key with channels or rooms cannot have the right ${name}`
      : !NAMES.has(name) && "there is no such method or right";
    return why ? [{ keyName: key.name, why: `${place}.methods[${index}]: ${why}` }] : [];
  });
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
