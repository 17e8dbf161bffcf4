import { homeRegion } from "../channels/placement.ts";
import { directoryOf } from "../deployment/directory.ts";
import type { Env } from "../deployment/env.ts";
import type { Gateway } from "../deployment/gateway.ts";
import { hubNamed } from "../deployment/hub-named.ts";
import { hashOfUser } from "../deployment/user-hash.ts";
import type { HubRpc } from "../hub-rpc/hub-rpc.ts";
import { Peers } from "../hub-rpc/peers.ts";
import { wireVersions } from "../hub-rpc/wire-versions.ts";
import { findRoom } from "../room-rpc/find-room.ts";
import { API_LIMITS } from "../shared/limits.ts";
import type { Access } from "./access.ts";
import { listChannels, nodeInfo } from "./directory.ts";
import { HomeCalls } from "./home-calls.ts";
import type { ApiTools } from "./methods.ts";
import { RoomCalls } from "./rooms.ts";
import { sheddingReads } from "./shed-reads.ts";

/** What the commands of one request work with. Calls to homes are given up after `API_LIMITS.homeTimeout`. */
export function createTools(
  env: Env,
  access: Access,
  { kinds, config, shedding }: Pick<Gateway, "kinds" | "config" | "shedding">,
  trace?: string,
): ApiTools {
  const { namespaces, operations } = config;
  const directory = directoryOf(env, operations);
  const peers = new Peers({
    versions: wireVersions.calls,
    timeout: API_LIMITS.homeTimeout,
    stubOf: (hub) => hubNamed(env, hub, homeRegion(hub, namespaces)) as unknown as HubRpc,
  });
  return {
    access,
    trace,
    hashUser: (user) => hashOfUser(env, config, user),
    homes: new HomeCalls(
      sheddingReads((home, call) => peers.stubOf(home).manage({ ...call, trace }), shedding),
    ),
    rooms: new RoomCalls((kind, name) => findRoom(env, kinds, kind, name)),
    directory: directory && {
      channels: (pattern) => listChannels(directory, pattern),
      info: () => nodeInfo(directory),
      overview: () => directory.overview(),
      largestChannels: (search) => directory.largestChannels(search),
    },
  };
}
