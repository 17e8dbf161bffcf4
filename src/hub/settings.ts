import { wireVersions } from "../hub-rpc/wire-versions.ts";
import { HUB_LIMITS, OBJECT_LIMITS } from "../shared/limits.ts";
import type { HubSettings } from "./platform.ts";

/** What a hub takes, and the forms that this build knows. */
export const SHIPPED_SETTINGS: HubSettings = {
  wireVersions,
  callTimeout: HUB_LIMITS.callTimeout,
  memoryLimits: { newcomers: HUB_LIMITS.newcomerMemory, subscriptions: HUB_LIMITS.subscriptionMemory },
  capacity: HUB_LIMITS.sockets,
  heldConnections: OBJECT_LIMITS.sockets,
  flushLag: HUB_LIMITS.flushLag,
};
