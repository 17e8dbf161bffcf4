import type { ChannelOptions } from "./options.ts";

/** Options that a token or a hook sets for one subscription. */
export interface SubscriptionOverride {
  readonly presence?: boolean;
  readonly joinLeave?: boolean;
  readonly forcePushJoinLeave?: boolean;
  readonly forceRecovery?: boolean;
  readonly forcePositioning?: boolean;
}

/** The options of a channel as they are for one subscription. */
export function overrideOptions(
  options: ChannelOptions,
  override: SubscriptionOverride | undefined,
): ChannelOptions {
  if (override === undefined) return options;
  return {
    ...options,
    presence: override.presence ?? options.presence,
    join_leave: override.joinLeave ?? options.join_leave,
    force_push_join_leave: override.forcePushJoinLeave ?? options.force_push_join_leave,
    force_recovery: override.forceRecovery ?? options.force_recovery,
    force_positioning: override.forcePositioning ?? options.force_positioning,
  };
}
