import * as v from "valibot";
import { isPlainReason } from "../channels/close-reason.ts";
import { isRoomName } from "../rooms/name.ts";
import { API_LIMITS, OVERVIEW_LIMITS, ROOM_LIMITS } from "../shared/limits.ts";
import { exceeds } from "../shared/payload-size.ts";
import { isOwnCloseCode } from "../websocket/close-answer.ts";
import { REASON_BYTES } from "../websocket/close-payload.ts";
import { whyBad } from "./bad-request.ts";
import {
  base64Bytes,
  channel,
  count,
  described,
  encodedJson,
  flag,
  isBase64,
  json,
  jsonList,
  object,
  position,
  tags,
  text,
  user,
} from "./fields.ts";
import type { ApiMethod } from "./method-types.ts";

const publication = {
  data: json(API_LIMITS.dataSize),
  b64data: base64Bytes(API_LIMITS.dataSize),
  skip_history: flag,
  tags,
  idempotency_key: text,
  delta: flag,
  version: count,
  version_epoch: text,
};

/** Which of a user's connections a command is for; "" is all of them. */
const connections = { user, client: text, session: text };

const info = { info: json(API_LIMITS.infoSize), b64info: encodedJson(API_LIMITS.infoSize) };

const overridden = v.nullish(object({ value: flag }));

const override = object({
  presence: overridden,
  join_leave: overridden,
  force_recovery: overridden,
  force_positioning: overridden,
  force_push_join_leave: overridden,
});

const reason = v.nullish(
  v.pipe(
    v.string(),
    v.check((words) => !exceeds(REASON_BYTES, words) && isPlainReason(words)),
  ),
  "",
);

const disconnect = object({
  code: v.nullish(v.pipe(v.number(), v.safeInteger(), v.minValue(3000), v.maxValue(4999))),
  reason,
});

const identifiers = v.nullish(v.pipe(v.array(v.string()), v.maxLength(API_LIMITS.whitelist)), []);

const one = object({ channel });

/** A room. Whether there is such a kind is decided later. */
const room = { kind: v.string(), room: v.pipe(v.string(), v.check(isRoomName)) };

const message = v.nullish(v.string());

const encodedBytes = v.nullish(
  v.pipe(v.string(), v.check(isBase64), described({ contentEncoding: "base64" })),
);

/** The request of each method. Other members are ignored, and null counts as absent. */
export const REQUESTS = {
  publish: object({ channel, ...publication }),
  broadcast: object({
    channels: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(API_LIMITS.broadcastChannels)),
    ...publication,
  }),
  subscribe: object({
    ...connections,
    channel,
    ...info,
    data: json(API_LIMITS.dataSize),
    b64data: encodedJson(API_LIMITS.dataSize),
    recover_since: position,
    expire_at: count,
    override: v.nullish(override),
  }),
  unsubscribe: object({ ...connections, channel: v.nullish(v.union([v.literal(""), channel]), "") }),
  disconnect: object({ ...connections, whitelist: identifiers, disconnect: v.nullish(disconnect) }),
  refresh: object({ ...connections, expired: flag, expire_at: count, ...info }),
  block_user: object({ user, until: count, reason }),
  unblock_user: object({ user }),
  presence: one,
  presence_stats: one,
  history: object({
    channel,
    limit: v.nullish(v.pipe(v.number(), v.safeInteger()), 0),
    since: position,
    reverse: flag,
  }),
  history_remove: one,
  channels: object({ pattern: text }),
  info: object({}),
  overview: object({}),
  overview_channels: object({
    search: text,
    limit: v.nullish(
      v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(OVERVIEW_LIMITS.channelPage)),
      OVERVIEW_LIMITS.channels,
    ),
    offset: count,
  }),
  user_connections: object({ user }),
  room_publish: object({
    ...room,
    topic: v.pipe(v.string(), v.nonEmpty(), v.maxLength(ROOM_LIMITS.topicLength)),
    data: message,
    b64data: encodedBytes,
  }),
  room_sockets: object({
    ...room,
    after: text,
    limit: v.nullish(
      v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(ROOM_LIMITS.largestSocketPage)),
      ROOM_LIMITS.socketPage,
    ),
    data: flag,
  }),
  room_close: object({
    ...room,
    code: v.nullish(v.pipe(v.number(), v.safeInteger(), v.check(isOwnCloseCode)), 1000),
    reason,
  }),
  room_call: object({ ...room, name: v.string(), arguments: jsonList(ROOM_LIMITS.callSize) }),
  batch: object({
    commands: v.pipe(
      v.array(v.unknown()),
      v.maxLength(API_LIMITS.batchCommands),
      described({ type: "array", items: { $ref: "#/components/schemas/Command" } }),
    ),
    parallel: flag,
  }),
} satisfies Record<ApiMethod, v.GenericSchema>;

/** The request after validation, with defaults filled in. */
export type ReadRequest<Method extends ApiMethod> = v.InferOutput<(typeof REQUESTS)[Method]>;

export const API_METHODS = Object.keys(REQUESTS) as readonly ApiMethod[];

export function isApiMethod(method: string): method is ApiMethod {
  return Object.hasOwn(REQUESTS, method);
}

/** Validates a request. `why` tells the log what is wrong with it. */
export function readRequest<Method extends ApiMethod>(
  method: Method,
  request: unknown,
): { readonly request: ReadRequest<Method> } | { readonly why: string } {
  const parsed = v.safeParse(REQUESTS[method], request, { abortEarly: true });
  return parsed.success
    ? { request: parsed.output as ReadRequest<Method> }
    : { why: whyBad(parsed.issues[0]) };
}
