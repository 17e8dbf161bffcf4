/** The classes of a gateway whose subclasses say what its options would. */

import type { Hono } from "hono";
import { Directory } from "../../durable-objects/directory/directory.ts";
import { Hub } from "../../durable-objects/hub/hub.ts";
import { Room } from "../../durable-objects/room/room.ts";
import { createApp } from "../../src/app.ts";
import { createTokenVerifier } from "../../src/auth/tokens.ts";
import { Shedding } from "../../src/budget/shedding.ts";
import { createNamespaces, type Namespaces } from "../../src/channels/namespaces.ts";
import { type Config, type ResolvedConfig, resolveConfig } from "../../src/config/config.ts";
import type { Env } from "../../src/deployment/env.ts";
import { GATEWAY, type Gateway } from "../../src/deployment/gateway.ts";
import { Refusals } from "../../src/deployment/refusals.ts";
import { Api } from "../../src/entrypoint.ts";
import { Relays } from "../../src/relay/relays.ts";
import { type RoomKinds, shippedKinds } from "../../src/rooms/shipped.ts";
import { config as ownConfig } from "./own.ts";

const refusals = new Refusals();

/** A gateway of tests. */
export function testGateway(kinds: RoomKinds, config: ResolvedConfig): Gateway {
  return {
    kinds,
    config,
    readEnv: (env) => env as Env,
    lastGood: new Map(),
    refusals,
    tokens: createTokenVerifier(config.tokens),
    shedding: new Shedding(),
    relays: new Relays(),
  };
}

/**
 * The routes of a gateway with these kinds and namespaces, and what else the Worker itself reads of a configuration. Whether
 * there is a directory may change in a test.
 */
export function appOf(
  kinds: RoomKinds,
  namespaces: Namespaces = createNamespaces({}),
  resolved: ResolvedConfig = resolveConfig({}, {}),
): Hono {
  const gateway: Gateway = {
    ...testGateway(kinds, resolved),
    get config() {
      const { operations } = resolveConfig({ operations: ownConfig.operations ?? {} }, {});
      return { ...resolved, operations, namespaces };
    },
  };
  return createApp({ gateway, path: "", console: undefined, fallback: undefined });
}

/** A hub with the configuration of the gateway as it ships, unless a subclass has another. */
export class GatewayHub extends Hub {
  #gateway: Gateway | undefined;

  protected get config(): Config {
    return ownConfig;
  }

  protected override get [GATEWAY](): Gateway {
    this.#gateway ??= testGateway({}, resolveConfig(this.config, this.env));
    return this.#gateway;
  }
}

/** The directory of the gateway as it ships. */
export class GatewayDirectory extends Directory {
  protected override get [GATEWAY](): Gateway {
    return testGateway({}, resolveConfig({ operations: ownConfig.operations ?? {} }, {}));
  }
}

/** A room with the kinds that ship, unless a subclass has others. */
export class GatewayRoom extends Room {
  protected get kinds(): RoomKinds {
    return shippedKinds;
  }

  protected override get [GATEWAY](): Gateway {
    return testGateway(this.kinds, resolveConfig({ operations: ownConfig.operations ?? {} }, {}));
  }
}

/** The server API with the namespaces of the gateway as it ships, unless a subclass has others. */
export class GatewayApi extends Api {
  protected get config(): ResolvedConfig {
    return resolveConfig(ownConfig, this.env);
  }

  protected get kinds(): RoomKinds {
    return {};
  }

  protected override get [GATEWAY](): Gateway {
    return testGateway(this.kinds, this.config);
  }
}
