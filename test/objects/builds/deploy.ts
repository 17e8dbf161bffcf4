/** The build before this one, as it was deployed: an object of the tests can run it, and so can the Worker before it. */
import type { Config } from "../../../src/config/config.ts";
import type { Env } from "../../../src/deployment/env.ts";
import type { HubRpc } from "../../../src/hub-rpc/hub-rpc.ts";
import { createApp, Hub } from "../../fixtures/31d2bf9/build.js";
import { baseNamespaces, configOf } from "../../support/hub-config.ts";
import { onItsWay } from "../../support/hub-links.ts";

export type Build = "old" | "new";

const onOld = new Set<string>();

/** Decides which build a hub runs when it wakes the next time. */
export function deploy(hub: string, build: Build): void {
  if (build === "old") onOld.add(hub);
  else onOld.delete(hub);
}

/** What runs in the place of a hub on which the old build is deployed. */
export function oldHub(ctx: DurableObjectState, env: Env): OldHub | undefined {
  return onOld.has(ctx.id.name ?? "") ? new OldHub(ctx, env) : undefined;
}

export const oldApp = createApp({}, baseNamespaces);

/** The old hub with the configuration of the tests. */
class OldHub extends Hub {
  protected override get config(): Config {
    return configOf(this.ctx.id.name ?? "");
  }

  protected override get flushLag(): number {
    return Number.POSITIVE_INFINITY;
  }

  protected override stubOf(hub: string): HubRpc {
    return onItsWay(this.ctx.id.name ?? "", hub, super.stubOf(hub));
  }
}
