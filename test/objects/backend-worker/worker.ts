/** The gateway with a configuration that asks a backend and tells it everything; the addresses are bindings. */
import "../../gateway/own.ts";
import { env } from "cloudflare:workers";
import { EVENT_KINDS } from "../../../src/channels/backend-event.ts";
import { createNamespaces } from "../../../src/channels/namespaces.ts";
import { type Config, resolveConfig } from "../../../src/config/config.ts";
import { createEventConsumer } from "../../../src/events/consumer.ts";
import { appOf, GatewayHub } from "../../gateway/classes.ts";

export { Outgoing } from "../../../src/proxy/outgoing.ts";
export { GatewayRoom as Room } from "../../gateway/classes.ts";

/** Seconds: a machine that is busy answers later than a backend does. */
const timeout = 10;

const config: Config = {
  connection: { pingInterval: 1, pong: false },
  namespaces: [
    {
      name: "chat",
      allow_subscribe_for_client: true,
      allow_publish_for_client: true,
      history_size: 100,
      history_ttl: 60,
      force_recovery: true,
    },
    { name: "asked", presence: true, allow_presence_for_client: true },
  ],
  proxy: {
    connect: { endpoint: "CONNECT_URL", timeout },
    refresh: { endpoint: "REFRESH_URL", timeout },
    subscribe: { endpoint: "SUBSCRIBE_URL", timeout, namespaces: ["asked"] },
    sub_refresh: { endpoint: "SUB_REFRESH_URL", timeout },
    publish: { endpoint: "PUBLISH_URL", timeout },
    rpc: { endpoint: "RPC_URL", timeout },
    http_headers: ["Cookie", "X-Device"],
    status_to_code_transforms: [{ status_code: 418, to_error: { code: 418, message: "a teapot" } }],
  },
  events: {
    webhook: "WEBHOOK_URL",
    kinds: EVENT_KINDS,
    sweepInterval: 10,
  },
};

export class Hub extends GatewayHub {
  protected override get config(): Config {
    return config;
  }
}

const { namespaces } = config;

export default {
  fetch: appOf({}, createNamespaces({ namespaces })).fetch,
  queue: createEventConsumer(resolveConfig(config, env).events),
};
