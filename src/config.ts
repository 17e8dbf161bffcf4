import type { Config } from "./config/config.ts";
import { development } from "./config/development.ts";

/**
 * The channels of this gateway: who may connect, which channels there are, and what may be done in them. A wrong entry
 * is an error at the start that names its key. Secrets are not here but in the environment: `tokens` names them, and
 * TOKEN_HMAC_SECRET is read without being named.
 *
 * @example
 * namespaces: [
 *   { name: "chat", allow_subscribe_for_client: true, allow_publish_for_subscriber: true, presence: true },
 *   { name: "news", allow_subscribe_for_client: true, history_size: 10, history_ttl: 3600, force_recovery: true },
 * ],
 */
export const config: Config = {
  namespaces: [],

  development,
};
