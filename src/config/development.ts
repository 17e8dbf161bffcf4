import type { Config } from "./config.ts";

/**
 * What a new gateway has under `npm start`, and nowhere else: anybody may connect, and use the namespace `public` with
 * presence, history and recovery. The page at `/` and the first snippets of the guides need it.
 *
 * @example export const config: Config = { namespaces: [{ name: "chat" }], development };
 */
export const development: NonNullable<Config["development"]> = {
  connection: { allowAnonymous: true, userCommands: true },
  namespaces: [
    {
      name: "public",
      allow_subscribe_for_client: true,
      allow_subscribe_for_anonymous: true,
      allow_publish_for_client: true,
      allow_publish_for_anonymous: true,
      presence: true,
      join_leave: true,
      allow_presence_for_client: true,
      allow_presence_for_anonymous: true,
      history_size: 100,
      history_ttl: 300,
      force_recovery: true,
      allow_history_for_client: true,
      allow_history_for_anonymous: true,
    },
  ],
};
