import * as v from "valibot";
import {
  encodedBytes,
  encodedJson,
  namedEntries,
  number,
  object,
  optionEntries,
  optionsOf,
  payloadOf,
  seconds,
} from "../auth/claim-schemas.ts";
import { hookDisconnectSchema, hookErrorSchema } from "../channels/hook-outcome.ts";
import type {
  ConnectGrant,
  HookRefusal,
  PublishGrant,
  RefreshGrant,
  RpcAnswer,
  SubscriptionGrant,
  SubscriptionRefreshGrant,
} from "../channels/hooks.ts";
import { parseExactly } from "../protocol/json/payload.ts";
import { isTooDeep } from "../protocol/json/raw-json.ts";
import { defined } from "../shared/defined.ts";
import { readExpiry } from "../shared/expiry.ts";
import { BackendFailure } from "./request.ts";

/** Backends in Go send null for absent members. */
const answerSchema = v.pipe(
  object,
  v.object({
    result: v.nullish(object),
    error: v.nullish(hookErrorSchema),
    disconnect: v.nullish(hookDisconnectSchema),
  }),
  v.check(
    ({ result, error, disconnect }) =>
      [result, error, disconnect].filter((member) => (member ?? undefined) !== undefined).length <= 1,
    "more than one of result, error and disconnect",
  ),
);

const flag = v.nullish(v.boolean(), false);
const text = v.nullish(v.string(), "");
const expireAt = v.nullish(seconds);
const info = { info: v.optional(v.unknown()), b64info: encodedJson };
const data = { data: v.optional(v.unknown()), b64data: encodedJson };

const subscriptionSchema = v.pipe(object, v.object({ ...optionEntries, expire_at: expireAt }));

const connectSchema = v.object({
  ...info,
  ...data,
  user: text,
  expire_at: expireAt,
  channels: v.nullish(v.array(v.string()), []),
  subs: v.nullish(namedEntries(subscriptionSchema), {}),
  meta: v.nullish(object),
});

const refreshSchema = v.object({ ...info, expired: flag, expire_at: expireAt, meta: v.nullish(object) });
const subscriptionRefreshSchema = v.object({ ...info, expired: flag, expire_at: expireAt });
const rpcSchema = v.object(data);

// Not v.record, for the reason of `namedEntries`.
const tags = v.pipe(
  object,
  v.check((input) => Object.values(input).every((value) => typeof value === "string"), "no texts"),
  v.transform((input) => input as Readonly<Record<string, string>>),
);

const publishSchema = v.object({
  data: v.optional(v.unknown()),
  b64data: encodedBytes,
  skip_history: flag,
  tags: v.nullish(tags),
  idempotency_key: v.nullish(v.string()),
  version: v.nullish(number),
  version_epoch: v.nullish(v.string()),
});

/**
 * Reads the answer of a backend. Undefined: it is `{}`, so the backend has no opinion.
 *
 * @throws BackendFailure for anything but at most one of result, error and disconnect, and for one that is invalid.
 */
export function readAnswer<Grant extends object>(
  body: string,
  grantOf: (result: unknown) => Grant,
): Grant | HookRefusal | undefined {
  const answer = parseAs(answerSchema, parseJson(body));
  if (answer.error) return { error: defined(answer.error) };
  if (answer.disconnect) return { disconnect: answer.disconnect };
  if (!answer.result) return undefined;
  // Parsed once more, so that numbers in payloads keep all their digits.
  return grantOf((parseExactly(body) as { result: unknown }).result);
}

/** Whether an answer is `{}`, or has nothing but members that are null. */
export function isEmptyAnswer(body: string): boolean {
  const answer = parseJson(body);
  return (
    typeof answer === "object" && answer !== null && Object.values(answer).every((value) => value === null)
  );
}

export function connectGrant(given: unknown): ConnectGrant {
  const result = parseAs(connectSchema, given);
  const subs = [
    ...result.channels.map((channel) => [channel, {}] as const),
    ...result.subs.map(([channel, sub]) => [channel, subscriptionOf(sub)] as const),
  ];
  return defined<ConnectGrant>({
    user: result.user,
    expireAt: readExpiry(result.expire_at),
    info: payloadOf(result.b64info, result.info),
    data: payloadOf(result.b64data, result.data),
    subs: Object.fromEntries(subs),
    meta: result.meta ?? undefined,
  });
}

export function subscriptionGrant(given: unknown): SubscriptionGrant {
  return subscriptionOf(parseAs(subscriptionSchema, given));
}

export function publishGrant(given: unknown): PublishGrant {
  const result = parseAs(publishSchema, given);
  return defined<PublishGrant>({
    data: payloadOf(result.b64data, result.data),
    tags: result.tags ?? undefined,
    skipHistory: result.skip_history,
    idempotencyKey: result.idempotency_key ?? undefined,
    version: result.version ?? undefined,
    versionEpoch: result.version_epoch ?? undefined,
  });
}

export function rpcAnswer(given: unknown): RpcAnswer {
  const result = parseAs(rpcSchema, given);
  return defined<RpcAnswer>({ data: payloadOf(result.b64data, result.data) });
}

export function refreshGrant(given: unknown): RefreshGrant {
  const result = parseAs(refreshSchema, given);
  return defined<RefreshGrant>({ ...refreshOf(result), meta: result.meta ?? undefined });
}

export function subscriptionRefreshGrant(given: unknown): SubscriptionRefreshGrant {
  return refreshOf(parseAs(subscriptionRefreshSchema, given));
}

function refreshOf(result: v.InferOutput<typeof subscriptionRefreshSchema>): SubscriptionRefreshGrant {
  return defined<SubscriptionRefreshGrant>({
    expired: result.expired,
    expireAt: readExpiry(result.expire_at),
    info: payloadOf(result.b64info, result.info),
  });
}

function subscriptionOf(sub: v.InferOutput<typeof subscriptionSchema>): SubscriptionGrant {
  return defined<SubscriptionGrant>({ ...optionsOf(sub), expireAt: readExpiry(sub.expire_at) });
}

function parseJson(body: string): unknown {
  if (isTooDeep(body)) throw new BackendFailure("the answer is nested too deeply");
  try {
    return JSON.parse(body);
  } catch {
    throw new BackendFailure("the answer is not JSON");
  }
}

function parseAs<Schema extends v.GenericSchema>(schema: Schema, input: unknown): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, input, { abortEarly: true });
  if (parsed.success) return parsed.output;
  throw new BackendFailure(whatIsWrong(parsed.issues[0]));
}

function whatIsWrong(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue);
  const about = `${place === null ? "" : `${place} of `}the answer is not as it must be`;
  // The library's own messages quote the value, which would then stand in the log.
  const isOwnMessage = issue.type === "check" || issue.type === "custom";
  return isOwnMessage ? `${about}: ${issue.message}` : about;
}
