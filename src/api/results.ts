import * as v from "valibot";
import { described } from "./fields.ts";
import type { ApiMethod } from "./method-types.ts";
import { OVERVIEW_RESULTS } from "./overview-results.ts";
import { RIGHTS } from "./rights.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Values by name, described by one of the shared parts. */
const map = <Value>(name: keyof typeof PARTS) =>
  v.pipe(
    v.custom<Readonly<Record<string, Value>>>(() => true),
    described({ type: "object", additionalProperties: { $ref: `#/components/schemas/${name}` } }),
  );

const error = v.object({ code: count, message: v.string() });

const clientInfo = v.object({
  user: v.string(),
  client: v.string(),
  conn_info: v.optional(v.unknown()),
  chan_info: v.optional(v.unknown()),
});

const publication = v.object({
  data: v.optional(v.unknown()),
  b64data: v.optional(v.string()),
  offset: v.optional(count),
  info: v.optional(clientInfo),
  tags: v.optional(
    v.pipe(
      v.custom<Readonly<Record<string, string>>>(() => true),
      described({ type: "object", additionalProperties: { type: "string" } }),
    ),
  ),
});

const channelInfo = v.object({ num_clients: count });

const node = v.object({
  uid: v.string(),
  name: v.string(),
  version: v.string(),
  num_clients: count,
  num_users: count,
  num_channels: count,
  num_subs: count,
  uptime: count,
});

const operatorToken = v.object({
  token: v.string(),
  expires_at: count,
  name: v.string(),
  rights: v.array(v.pipe(v.string(), described({ type: "string", enum: RIGHTS }))),
});

/** Parts of results, by their names in the OpenAPI document. */
export const PARTS = {
  Error: error,
  ClientInfo: clientInfo,
  ChannelInfo: channelInfo,
  OperatorToken: operatorToken,
};

const published = v.object({ offset: v.optional(count), epoch: v.optional(v.string()) });
const nothing = v.object({});

/** What each method answers. */
export const RESULTS = {
  publish: published,
  broadcast: v.object({
    responses: v.array(v.union([v.object({ result: published }), v.object({ error })])),
  }),
  subscribe: nothing,
  unsubscribe: nothing,
  disconnect: nothing,
  refresh: nothing,
  block_user: nothing,
  unblock_user: nothing,
  presence: v.object({ presence: map<v.InferOutput<typeof clientInfo>>("ClientInfo") }),
  presence_stats: v.object({ num_clients: count, num_users: count }),
  history: v.object({ publications: v.array(publication), offset: count, epoch: v.string() }),
  history_remove: nothing,
  channels: v.object({ channels: map<v.InferOutput<typeof channelInfo>>("ChannelInfo") }),
  info: v.object({ nodes: v.array(node) }),
  ...OVERVIEW_RESULTS,
  room_publish: v.object({ reached: count }),
  room_sockets: v.object({
    sockets: v.array(
      v.object({
        id: v.string(),
        remote_address: v.string(),
        protocol: v.string(),
        tags: v.array(v.string()),
        topics: v.array(v.string()),
        data: v.optional(v.unknown()),
      }),
    ),
    next: v.optional(v.string()),
  }),
  room_close: v.object({ closed: count }),
  room_call: v.object({ value: v.optional(v.unknown()) }),
  batch: v.object({
    replies: v.pipe(
      v.array(v.unknown()),
      described({ type: "array", items: { $ref: "#/components/schemas/Reply" } }),
    ),
  }),
} satisfies Record<ApiMethod, v.GenericSchema>;
