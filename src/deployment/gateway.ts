import type { TokenVerifier } from "../auth/tokens.ts";
import type { Shedding } from "../budget/shedding.ts";
import type { Region } from "../channels/placement.ts";
import type { ResolvedConfig } from "../config/config.ts";
import type { Relays } from "../relay/relays.ts";
import type { RoomKinds } from "../rooms/shipped.ts";
import type { ReadEnv } from "./bindings.ts";
import type { Refusals } from "./refusals.ts";

/**
 * One gateway of a Worker: what its options have become, and what an isolate learns about it. Nothing of it stands in a
 * module, because a Worker may have two.
 */
export interface Gateway {
  /** The kinds of rooms that there are. */
  readonly kinds: RoomKinds;
  readonly config: ResolvedConfig;
  readonly readEnv: ReadEnv;
  /** The edge hub of each region that took the last newcomer. Every isolate learns it for itself. */
  readonly lastGood: Map<Region, number>;
  readonly refusals: Refusals;
  /** Verifies connection tokens where the Worker can refuse before it asks a hub. */
  readonly tokens: TokenVerifier;
  readonly relays: Relays;
  /** What this isolate has learned of the budget. */
  readonly shedding: Shedding;
}

/**
 * Where the classes of a gateway find it. A symbol, because whoever may call an object over RPC can read every property
 * that has a name, and the configuration holds secrets.
 */
export const GATEWAY = Symbol("gateway");
