import type { ChannelOptions } from "../../src/channels/options.ts";

/** Everybody may subscribe and publish, without a token too. */
export const forEverybody = {
  allow_subscribe_for_client: true,
  allow_subscribe_for_anonymous: true,
  allow_publish_for_client: true,
  allow_publish_for_anonymous: true,
} satisfies Partial<ChannelOptions>;

/** Everybody may see who is there. */
export const withPresence = {
  presence: true,
  allow_presence_for_client: true,
  allow_presence_for_anonymous: true,
} satisfies Partial<ChannelOptions>;
