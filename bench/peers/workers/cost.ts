import "../../../test/gateway/own.ts";
import { createNamespaces } from "../../../src/channels/namespaces.ts";
import type { Config } from "../../../src/config/config.ts";
import { appOf, GatewayHub } from "../../../test/gateway/classes.ts";
import { UNLIMITED } from "../../../test/support/rates.ts";

export { GatewayDirectory as Directory, GatewayRoom as Room } from "../../../test/gateway/classes.ts";

const forEverybody = {
  allow_subscribe_for_client: true,
  allow_subscribe_for_anonymous: true,
  allow_publish_for_client: true,
  allow_publish_for_anonymous: true,
};

const namespaces = [
  { name: "live", ...forEverybody },
  { name: "kept", ...forEverybody, history_size: 100, history_ttl: 3600, force_recovery: true },
];

/** The gateway with the channels of the measurement. Where pings are counted, there is one every second. */
export class Hub extends GatewayHub {
  protected override get config(): Config {
    return {
      connection: {
        allowAnonymous: true,
        pingInterval: this.ctx.id.name?.endsWith(":pinged") ? 1 : 25,
        commandRate: UNLIMITED,
      },
      namespaces,
    };
  }
}

export default appOf({}, createNamespaces({ namespaces }));
