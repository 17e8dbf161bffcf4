import { formats } from "../../durable-objects/hub/formats.ts";
import type { HubStub } from "../../durable-objects/hub/hub-stub.ts";
import { Peers } from "../../durable-objects/hub/peers.ts";
import { withTimeout } from "../../durable-objects/hub/timeout.ts";
import type { Namespaces } from "../channels/namespaces.ts";
import { homeRegion } from "../channels/placement.ts";
import type { Env } from "../env.ts";
import { hubNamed } from "../hub-named.ts";
import { API_LIMITS } from "../limits.ts";
import { listChannels, nodeInfo } from "./directory.ts";
import { HomeCalls } from "./home-calls.ts";
import type { Access } from "./keys.ts";
import type { ApiTools } from "./methods.ts";

/** What the commands of one request reach their homes with. */
export function createTools(env: Env, access: Access, namespaces: Namespaces): ApiTools {
  const peers = new Peers(formats, (hub) => {
    return hubNamed(env, hub, homeRegion(hub, namespaces)) as unknown as HubStub;
  });
  return {
    access,
    homes: new HomeCalls((home, call) =>
      withTimeout(peers.stubOf(home).manage(call), API_LIMITS.homeTimeout),
    ),
    directory: {
      channels: (pattern) => listChannels(env, pattern),
      info: () => nodeInfo(env),
    },
  };
}
