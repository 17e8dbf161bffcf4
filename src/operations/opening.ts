import type { ResolvedConfig } from "../config/config.ts";
import type { Counters } from "../metrics/counters.ts";
import type { Follower, Opening } from "../streams/follower.ts";
import { type HomeOfReads, openAtHome } from "../streams/home-reads.ts";
import type { GrantedSubscription } from "./granted-subscription.ts";

/** What opening a channel needs of the hub. */
export interface HubOfOpening {
  readonly config: ResolvedConfig;
  readonly home: HomeOfReads;
  readonly follower: Pick<Follower, "open">;
  readonly counters: Pick<Counters, "recovery">;
  isHomeOf(channel: string): boolean;
}

/**
 * Opens a channel that is homed here. Commit in the same step: nothing that is published in between would be held.
 *
 * @param length Characters that a recovery may bring; as many as a reply may have unless it is given.
 */
export function openHere(
  hub: HubOfOpening,
  { subscription: { channel }, recovery }: GrantedSubscription,
  length?: number,
): Opening {
  // Read at once: the clock stands still meanwhile.
  if (recovery) hub.counters.recovery.observe(0);
  return openAtHome(hub.home, channel, recovery && { ...recovery, length }, hub.config.connection);
}

/** Opens a channel that is homed elsewhere. `length` is as for `openHere`. */
export async function openElsewhere(
  hub: HubOfOpening,
  { subscription: { channel }, recovery }: GrantedSubscription,
  length?: number,
): Promise<Opening> {
  const asked = Date.now();
  const opening = await hub.follower.open(channel, recovery && { ...recovery, length });
  if (recovery) hub.counters.recovery.observe(Date.now() - asked);
  return opening;
}
