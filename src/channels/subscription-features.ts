import { hasHistory } from "./contradictions.ts";
import type { ChannelOptions } from "./options.ts";

export interface Positioning {
  /** The server watches that the subscription sees every publication. */
  readonly positioned: boolean;
  /** The client may come back with its position. */
  readonly recoverable: boolean;
}

/**
 * Whether a subscription is positioned and recoverable: because the options force it, or because the client asks and
 * may.
 */
export function decidePositioning(
  options: ChannelOptions,
  request: Positioning,
  mayReadHistory: boolean,
): Positioning {
  if (!hasHistory(options)) return { positioned: false, recoverable: false };
  const recoverable =
    options.force_recovery || (request.recoverable && (options.allow_recovery || mayReadHistory));
  const positioned =
    options.force_positioning || (request.positioned && (options.allow_positioning || mayReadHistory));
  return { positioned: positioned || recoverable, recoverable };
}

export interface JoinLeave {
  /** Others are told that this subscriber comes and goes. */
  readonly emits: boolean;
  /** This subscriber is told of others. */
  readonly receives: boolean;
}

/**
 * Whether a subscription emits and receives joins and leaves. A client that asks for them and may not have them gets no
 * error.
 */
export function decideJoinLeave(
  options: ChannelOptions,
  request: { readonly joinLeave: boolean },
  mayReadPresence: boolean,
): JoinLeave {
  const emits = options.join_leave;
  return {
    emits,
    receives: emits && (options.force_push_join_leave || (request.joinLeave && mayReadPresence)),
  };
}
