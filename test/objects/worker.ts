import "../gateway/own.ts";
import { type Config, resolveConfig } from "../../src/config/config.ts";
import type { Env } from "../../src/deployment/env.ts";
import type { HubSettings } from "../../src/hub/platform.ts";
import type { HubRpc } from "../../src/hub-rpc/hub-rpc.ts";
import type { RoomHandler } from "../../src/rooms/handler.ts";
import { appOf, GatewayApi, GatewayDirectory, GatewayHub, GatewayRoom } from "../gateway/classes.ts";
import {
  baseConfig,
  baseNamespaces,
  bindingsOf,
  configOf,
  noteLife,
  runtimeSocketsOf,
  settingsOf,
  testSecrets,
} from "../support/hub-config.ts";
import { onItsWay } from "../support/hub-links.ts";
import { oldHub } from "./builds/deploy.ts";
import { testKinds } from "./kinds.ts";

export { GatewayDirectory as Directory };

/** The server API with the kinds of the tests. */
export class Api extends GatewayApi {
  protected override get kinds(): Readonly<Record<string, RoomHandler>> {
    return testKinds;
  }
}

/** The gateway's room with the kinds of the tests beside those that ship. */
export class Room extends GatewayRoom {
  protected override get kinds(): Readonly<Record<string, RoomHandler>> {
    return testKinds;
  }

  protected override get runtimeSockets(): number {
    return runtimeSocketsOf(this.ctx.id.name ?? "") ?? super.runtimeSockets;
  }
}

/** The gateway's hub with the configuration of the tests, which may be another one for each hub. */
export class Hub extends GatewayHub {
  constructor(ctx: DurableObjectState, env: Env) {
    const bindings = { ...env, ...testSecrets, ...bindingsOf(ctx.id.name ?? "") };
    super(ctx, bindings);
    noteLife(ctx.id.name ?? "");
    // biome-ignore lint/correctness/noConstructorReturn: the runtime takes what the constructor returns as the object.
    return (oldHub(ctx, bindings) as unknown as this | undefined) ?? this;
  }

  protected override get config(): Config {
    return configOf(this.ctx.id.name ?? "");
  }

  protected override get settings(): HubSettings {
    return settingsOf(this.ctx.id.name ?? "", super.settings);
  }

  protected override stubOf(hub: string): HubRpc {
    return onItsWay(this.ctx.id.name ?? "", hub, super.stubOf(hub));
  }
}

export default appOf(testKinds, baseNamespaces, resolveConfig(baseConfig, testSecrets));
