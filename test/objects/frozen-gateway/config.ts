import type { ChannelOptions } from "../../../src/channels/options.ts";
import type { Config } from "../../../src/config/config.ts";
import type { RoomHandler } from "../../../src/rooms/handler.ts";

/** What is published last before the storage is frozen, and reaches no follower. */
export const UNDELIVERED = "acknowledged and not delivered";

const forEverybody = {
  allow_subscribe_for_client: true,
  allow_subscribe_for_anonymous: true,
  allow_publish_for_client: true,
  allow_publish_for_anonymous: true,
  presence: true,
  allow_presence_for_client: true,
  allow_presence_for_anonymous: true,
  join_leave: true,
} satisfies Partial<ChannelOptions>;

const withHistory = {
  history_size: 100,
  history_ttl: 86_400,
  allow_history_for_client: true,
  allow_history_for_anonymous: true,
} satisfies Partial<ChannelOptions>;

/** The channels of the frozen gateway. */
export const frozenChannels: Config = {
  connection: { allowAnonymous: true, userCommands: true, staleCloseDelay: 600, pingInterval: 600 },
  namespaces: [
    { name: "kept", ...forEverybody, ...withHistory, force_positioning: true, force_recovery: true },
    {
      name: "state",
      ...forEverybody,
      ...withHistory,
      force_recovery: true,
      force_recovery_mode: "cache",
      auto_cache_recover: true,
    },
    { name: "plain", ...forEverybody },
  ],
};

interface Place {
  readonly seat: string;
  readonly messages: number;
}

/** A room kind that remembers something of each member, and ticks. */
export const clock: RoomHandler<Place> = {
  tickInterval: 1_000,
  idleTimeout: 600,
  protocols: ["clock.v1"],
  upgrade: (request) => ({ seat: new URL(request.url).searchParams.get("seat") ?? "", messages: 0 }),
  message(ws, message) {
    if (message === "listen") ws.subscribe("ticks");
    ws.data = { ...ws.data, messages: ws.data.messages + 1 };
    ws.send(JSON.stringify({ ...ws.data, topics: ws.subscriptions, protocol: ws.protocol }));
  },
  tick: (room) => room.publish("ticks", `tick of ${room.name}`),
};
