import "../gateway/own.ts";
import { Directory } from "../../durable-objects/directory/directory.ts";
import { Hub as GatewayHub } from "../../durable-objects/hub/hub.ts";
import { Room as GatewayRoom } from "../../durable-objects/room/room.ts";
import { createApp } from "../../src/app.ts";
import type { Config } from "../../src/config/config.ts";
import type { Env } from "../../src/deployment/env.ts";
import type { HubRpc } from "../../src/hub-rpc/hub-rpc.ts";
import type { WireVersions } from "../../src/hub-rpc/wire-versions.ts";
import type { RoomHandler } from "../../src/rooms/handler.ts";
import type { MemoryLimits } from "../../src/sessions/memory.ts";
import {
  baseNamespaces,
  bindingsOf,
  capacityOf,
  configOf,
  flushLagOf,
  memoryOf,
  runtimeSocketsOf,
  testSecrets,
  wireVersionsOf,
} from "./hub-config.ts";
import { onItsWay, timeoutOf } from "./hub-links.ts";
import { testKinds } from "./kinds.ts";

export { Api } from "../../src/entrypoint.ts";
export { Directory };

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
    super(ctx, { ...env, ...testSecrets, ...bindingsOf(ctx.id.name ?? "") });
  }

  protected override get config(): Config {
    return configOf(this.ctx.id.name ?? "");
  }

  protected override get wireVersions(): WireVersions {
    return wireVersionsOf(this.ctx.id.name ?? "");
  }

  protected override get capacity(): number {
    return capacityOf(this.ctx.id.name ?? "") ?? super.capacity;
  }

  protected override get memoryLimits(): MemoryLimits {
    return memoryOf(this.ctx.id.name ?? "") ?? super.memoryLimits;
  }

  protected override get runtimeSockets(): number {
    return runtimeSocketsOf(this.ctx.id.name ?? "") ?? super.runtimeSockets;
  }

  /** The machine of a test may be busy with anything. */
  protected override get flushLag(): number {
    return flushLagOf(this.ctx.id.name ?? "") ?? Number.POSITIVE_INFINITY;
  }

  protected override get callTimeout(): number {
    return timeoutOf(this.ctx.id.name ?? "") ?? super.callTimeout;
  }

  protected override stubOf(hub: string): HubRpc {
    return onItsWay(this.ctx.id.name ?? "", hub, super.stubOf(hub));
  }
}

export default createApp(testKinds, baseNamespaces);
