import "../../../gateway/own.ts";
import { createNamespaces, type NamespaceConfig } from "../../../../src/channels/namespaces.ts";
import type { Config } from "../../../../src/config/config.ts";
import type { HubSettings } from "../../../../src/hub/platform.ts";
import { appOf, GatewayHub } from "../../../gateway/classes.ts";

export { GatewayRoom as Room } from "../../../gateway/classes.ts";

const namespaces: readonly NamespaceConfig[] = [
  {
    name: "kept",
    allow_subscribe_for_client: true,
    allow_subscribe_for_anonymous: true,
    allow_publish_for_client: true,
    allow_publish_for_anonymous: true,
    allow_history_for_client: true,
    allow_history_for_anonymous: true,
    history_size: 100_000,
    history_ttl: 3_600,
    force_recovery: true,
  },
];

/** A hub that is soon full, so that a few clients are spread over several, with a history that nothing falls out of. */
export class Hub extends GatewayHub {
  protected override get settings(): HubSettings {
    return { ...super.settings, capacity: 4 };
  }

  protected override get config(): Config {
    return {
      connection: { allowAnonymous: true },
      namespaces,
    };
  }
}

export default appOf({}, createNamespaces({ namespaces }));
