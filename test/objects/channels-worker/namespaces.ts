import type { NamespaceConfig } from "../../../src/channels/namespaces.ts";
import type { ChannelOptions } from "../../../src/channels/options.ts";
import { forEverybody, withPresence } from "../../support/channel-options.ts";

const withHistory = {
  history_size: 5_000,
  history_ttl: 300,
  force_recovery: true,
  allow_history_for_client: true,
  allow_history_for_anonymous: true,
} satisfies Partial<ChannelOptions>;

const asState = { ...withHistory, force_recovery_mode: "cache" } as const;

/** A namespace for each case of the tests. */
export const namespaces: readonly NamespaceConfig[] = [
  { name: "keep", ...forEverybody, ...withPresence, ...withHistory, join_leave: true },
  { name: "few", ...forEverybody, ...withHistory, history_size: 5 },
  { name: "bytes", ...forEverybody, ...withHistory, publication_data_format: "binary" },
  { name: "plain", ...forEverybody },
  { name: "slow", ...forEverybody, ...withHistory },
  { name: "state", ...forEverybody, ...asState },
  { name: "latest", ...forEverybody, ...asState, auto_cache_recover: true },
  { name: "listen", allow_subscribe_for_client: true, allow_subscribe_for_anonymous: true },
  { name: "closed", ...withPresence, ...withHistory },
  { name: "dialog", allow_user_limited_channels: true, allow_publish_for_subscriber: true },
  { name: "own", allow_publish_for_client: true, allow_publish_for_anonymous: true, ...withHistory },
  { name: "mute", ...forEverybody, ...withPresence },
  { name: "asked" },
];
