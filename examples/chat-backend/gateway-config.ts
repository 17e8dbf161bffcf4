import type { Config } from "../../src/config/config.ts";

/** What `src/config.ts` of the gateway holds for this chat. */
export const config: Config = {
  namespaces: [
    {
      name: "chat",
      allow_subscribe_for_client: true,
      history_size: 100,
      history_ttl: 86_400,
      force_recovery: true,
    },
  ],
  events: {
    webhook: "CHAT_WEBHOOK",
    kinds: ["member.joined", "member.left"],
    namespaces: ["chat"],
    signatureSecret: "EVENT_SECRET",
  },
};
