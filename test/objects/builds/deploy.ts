/** The build before this one, as it was deployed: an object of the tests can run it, and so can the Worker before it. */
import type { NamespaceConfig } from "../../../src/channels/namespaces.ts";
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

/** It has no channels of any bytes, and would not start with them. */
function isKnownToIt({ publication_data_format }: NamespaceConfig): boolean {
  return publication_data_format !== "binary";
}

/** The old hub with the configuration of the tests. */
class OldHub extends Hub {
  protected override get config(): Config {
    const config = configOf(this.ctx.id.name ?? "");
    return { ...config, namespaces: (config.namespaces ?? []).filter(isKnownToIt) };
  }

  protected override get flushLag(): number {
    return Number.POSITIVE_INFINITY;
  }

  protected override stubOf(hub: string): HubRpc {
    return onItsWay(this.ctx.id.name ?? "", hub, super.stubOf(hub));
  }
}
