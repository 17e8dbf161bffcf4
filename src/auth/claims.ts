import * as v from "valibot";
import { readExpiry } from "../shared/expiry.ts";
import {
  connectionSchema,
  optionsOf,
  payloadOf,
  type StandardClaims,
  type SubscriptionOptions,
  standardSchema,
  subscriptionSchema,
} from "./claim-schemas.ts";
import type { JsonObject } from "./json.ts";

/** What a connection token says. */
export interface ConnectionClaims {
  /** User id; "" is an anonymous user. */
  user: string;
  /**
   * Unix seconds at which the connection expires; undefined: never. It may be in the past where it comes from
   * `expire_at`.
   */
  expireAt: number | undefined;
  /** Shown to others as `conn_info`. */
  info: unknown;
  /** Server-side subscriptions by channel, from `channels` and `subs`; the names are not checked. */
  channels: Record<string, SubscriptionOptions>;
  /** A JSON object kept on the server, or undefined. */
  meta: unknown;
}

/** What a subscription token says. */
export interface SubscriptionClaims extends SubscriptionOptions {
  user: string;
  channel: string;
  /** The only connection that may use the token, where it names one. */
  client: string | undefined;
}

/** Valid claims, or why they are invalid. `why` is for the log only. */
export type Read<T> = { kind: "valid"; claims: T } | { kind: "invalid"; why: string };

/** Reads the claims that every token may have. */
export function readStandardClaims(payload: JsonObject): Read<StandardClaims> {
  return read(standardSchema, payload);
}

/** Reads the claims of a connection token; `userIdClaim` stands for `sub`. */
export function readConnectionClaims(payload: JsonObject, userIdClaim?: string): Read<ConnectionClaims> {
  const user = readUser(payload, userIdClaim);
  if (user.kind === "invalid") return user;
  const parsed = read(connectionSchema, payload);
  if (parsed.kind === "invalid") return parsed;
  const { expire_at, exp, info, b64info, channels, subs, meta } = parsed.claims;
  return valid({
    user: user.claims,
    expireAt: readExpiry(expire_at ?? exp),
    info: payloadOf(b64info, info),
    channels: Object.fromEntries([...channels.map((channel) => [channel, {}] as const), ...subs]),
    meta: meta ?? undefined,
  });
}

/** Reads the claims of a subscription token; `userIdClaim` stands for `sub`. */
export function readSubscriptionClaims(payload: JsonObject, userIdClaim?: string): Read<SubscriptionClaims> {
  const user = readUser(payload, userIdClaim);
  if (user.kind === "invalid") return user;
  const parsed = read(subscriptionSchema, payload);
  if (parsed.kind === "invalid") return parsed;
  const { channel, client, expire_at, exp } = parsed.claims;
  const expireAt = readExpiry(expire_at ?? exp);
  return valid({
    user: user.claims,
    channel,
    client: client === "" ? undefined : client,
    ...optionsOf(parsed.claims),
    ...(expireAt === undefined ? {} : { expireAt }),
  });
}

/** A token without `sub` is an anonymous user's; a claim that the configuration names must be present. */
function readUser(payload: JsonObject, userIdClaim: string | undefined): Read<string> {
  const claim = userIdClaim ?? "sub";
  if (!Object.hasOwn(payload, claim) && userIdClaim === undefined) return valid("");
  const user = Object.hasOwn(payload, claim) ? payload[claim] : undefined;
  return typeof user === "string" ? valid(user) : wrongClaim(claim);
}

function read<Schema extends v.GenericSchema>(
  schema: Schema,
  payload: JsonObject,
): Read<v.InferOutput<Schema>> {
  const result = v.safeParse(schema, payload, { abortEarly: true });
  if (result.success) return valid(result.output);
  return wrongClaim(v.getDotPath(result.issues[0]) ?? "?");
}

function valid<T>(claims: T): Read<T> {
  return { kind: "valid", claims };
}

function wrongClaim(claim: string): { kind: "invalid"; why: string } {
  return { kind: "invalid", why: `the claim ${claim} is missing or not as it must be` };
}
