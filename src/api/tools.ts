import { homeRegion } from "../channels/placement.ts";
import type { ResolvedConfig } from "../config/config.ts";
import { directoryOf } from "../deployment/directory.ts";
import type { Env } from "../deployment/env.ts";
import { hubNamed } from "../deployment/hub-named.ts";
import type { HubRpc } from "../hub-rpc/hub-rpc.ts";
import { Peers } from "../hub-rpc/peers.ts";
import { wireVersions } from "../hub-rpc/wire-versions.ts";
import { API_LIMITS } from "../shared/limits.ts";
import { listChannels, nodeInfo } from "./directory.ts";
import { HomeCalls } from "./home-calls.ts";
import type { Access } from "./keys.ts";
import type { ApiTools } from "./methods.ts";

/** What the commands of one request work with. Calls to homes are given up after `API_LIMITS.homeTimeout`. */
export function createTools(
  env: Env,
  access: Access,
  { namespaces, operations }: Pick<ResolvedConfig, "namespaces" | "operations">,
): ApiTools {
  const directory = directoryOf(env, operations);
  const peers = new Peers({
    versions: wireVersions.calls,
    timeout: API_LIMITS.homeTimeout,
    stubOf: (hub) => hubNamed(env, hub, homeRegion(hub, namespaces)) as unknown as HubRpc,
  });
  return {
    access,
    homes: new HomeCalls((home, call) => peers.stubOf(home).manage(call)),
    directory: directory && {
      channels: (pattern) => listChannels(directory, pattern),
      info: () => nodeInfo(directory),
    },
  };
}
