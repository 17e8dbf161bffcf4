import * as v from "valibot";
import type { SubscriptionOverride } from "../channels/override.ts";
import { isFields } from "../protocol/json/fields.ts";
import { plainNumber } from "../protocol/json/payload.ts";
import { defined } from "../shared/defined.ts";
import { bytesOfBase64, fromBase64 } from "../shared/encodings.ts";
import { type JsonObject, parseJson } from "./json.ts";

/** What a token says about one subscription. */
export interface SubscriptionOptions {
  /** Shown to others as `chan_info`. */
  info?: unknown;
  /** Returned in the subscribe reply. */
  data?: unknown;
  override?: SubscriptionOverride;
  /** Unix seconds; absent: the subscription does not expire. */
  expireAt?: number;
}

/** The claims that say whether a token may be used here and now. */
export type StandardClaims = v.InferOutput<typeof standardSchema>;

/** A number, also one that was parsed exactly, such as 1795440000.0. */
export const number = v.pipe(v.unknown(), v.transform(plainNumber), v.number());
export const seconds = v.pipe(number, v.finite(), v.minValue(0));
const text = v.nullish(v.string(), "");
export const object = v.custom<JsonObject>(isFields, "no object");

/** JSON in base64; absent and "" are undefined. */
export const encodedJson = v.pipe(
  text,
  v.rawTransform(({ dataset, addIssue, NEVER }): unknown => {
    if (dataset.value === "") return undefined;
    try {
      return parseJson(fromBase64(dataset.value));
    } catch {
      addIssue();
      return NEVER;
    }
  }),
);

/** Any bytes in base64; absent and "" are undefined. */
export const encodedBytes = v.pipe(
  text,
  v.rawTransform(({ dataset, addIssue, NEVER }): Uint8Array<ArrayBuffer> | undefined => {
    if (dataset.value === "") return undefined;
    try {
      return bytesOfBase64(dataset.value);
    } catch {
      addIssue();
      return NEVER;
    }
  }),
);

// Issuers written in Go leave out a false value: {} is {"value": false}.
const flag = v.pipe(
  v.nullish(v.pipe(object, v.object({ value: v.nullish(v.boolean(), false) }))),
  v.transform((input) => input?.value),
);

const override = v.pipe(
  object,
  v.object({
    presence: flag,
    join_leave: flag,
    force_push_join_leave: flag,
    force_recovery: flag,
    force_positioning: flag,
  }),
  v.transform((input) =>
    defined<SubscriptionOverride>({
      presence: input.presence,
      joinLeave: input.join_leave,
      forcePushJoinLeave: input.force_push_join_leave,
      forceRecovery: input.force_recovery,
      forcePositioning: input.force_positioning,
    }),
  ),
);

/** What a token, or a backend, may say about a subscription. */
export const optionEntries = {
  info: v.optional(v.unknown()),
  b64info: encodedJson,
  data: v.optional(v.unknown()),
  b64data: encodedJson,
  override: v.nullish(override),
};

const options = v.pipe(
  object,
  v.object(optionEntries),
  v.transform((input) => optionsOf(input)),
);

/**
 * The members of an object, each with its name. Not v.record: it silently drops channels named "constructor" and
 * "prototype" (valibot 1.5).
 */
export function namedEntries<Value extends v.GenericSchema>(value: Value) {
  return v.pipe(
    object,
    v.transform((input) => Object.entries(input)),
    v.array(v.tuple([v.string(), value])),
  );
}

/** Claims that any token may have. */
export const standardSchema = v.object({
  exp: v.optional(seconds),
  nbf: v.optional(seconds),
  iss: v.nullish(v.string()),
  aud: v.pipe(
    v.nullish(v.union([v.string(), v.array(v.string())]), []),
    v.transform((audience) => (typeof audience === "string" ? [audience] : audience)),
  ),
});

/** Claims of a connection token, except the user. */
export const connectionSchema = v.object({
  channel: v.nullish(v.literal("")),
  exp: v.optional(seconds),
  expire_at: v.nullish(seconds),
  info: v.optional(v.unknown()),
  b64info: encodedJson,
  channels: v.nullish(v.array(v.string()), []),
  subs: v.nullish(namedEntries(options), {}),
  meta: v.nullish(object),
});

/** Claims of a subscription token, except the user. */
export const subscriptionSchema = v.object({
  ...optionEntries,
  channel: v.pipe(v.string(), v.nonEmpty()),
  client: text,
  exp: v.optional(seconds),
  expire_at: v.nullish(seconds),
});

/** The options among the claims of a subscription. */
export function optionsOf(
  input: v.InferOutput<v.ObjectSchema<typeof optionEntries, undefined>>,
): SubscriptionOptions {
  return defined<SubscriptionOptions>({
    info: payloadOf(input.b64info, input.info),
    data: payloadOf(input.b64data, input.data),
    override: input.override ?? undefined,
  });
}

/**
 * A payload that may be given in base64 and plainly. Base64 wins, even if it holds null; a plain null is no payload.
 */
export function payloadOf(encoded: unknown, plain: unknown): unknown {
  return encoded === undefined ? (plain ?? undefined) : encoded;
}
