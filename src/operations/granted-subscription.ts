import type { SubscriptionGrant } from "../channels/hooks.ts";
import type { ChannelOptions } from "../channels/options.ts";
import { overrideOptions } from "../channels/override.ts";
import { mayReadHistory, mayReadPresence } from "../channels/permissions.ts";
import { decideJoinLeave, decidePositioning } from "../channels/subscription-features.ts";
import type { Recovering } from "../hub-rpc/messages.ts";
import type { Json, StreamPosition } from "../protocol/messages.ts";
import type { Subscription } from "../sessions/state.ts";
import { json } from "./hook.ts";

/** What is asked of a subscription. */
export interface SubscriptionRequest {
  readonly channel: string;
  readonly positioned: boolean;
  readonly recoverable: boolean;
  readonly joinLeave: boolean;
  readonly recover: StreamPosition | undefined;
  /** The flag of the subscribe command. */
  readonly flag: number;
  readonly isServerSide: boolean;
  /** Whether the server API has added it to the connection. */
  readonly isAdded: boolean;
  /** Whether the client is to refresh it by itself. */
  readonly hasToken: boolean;
}

/** A subscription that is granted, before its channel is opened. */
export interface GrantedSubscription {
  readonly subscription: Subscription;
  readonly recovery: Recovering | undefined;
  /** The flag of the subscribe command. */
  readonly flag: number;
  readonly data: Json | undefined;
}

/** Whose subscription it is. */
export interface Subscriber {
  readonly user: string;
  /** Permissions are not looked at; for tests. */
  readonly insecure: boolean;
}

/** What the server asks of a subscription that it makes: the options of the channel and the grant decide the rest. */
export function serverSideRequest(
  channel: string,
  recover: StreamPosition | undefined,
  isAdded: boolean,
): SubscriptionRequest {
  const features = { positioned: false, recoverable: false, joinLeave: false, flag: 0 };
  return { ...features, channel, recover, isAdded, isServerSide: true, hasToken: false };
}

/** Works out what a session gets of a channel that it may subscribe to. */
export function grantSubscription(
  { user, insecure }: Subscriber,
  request: SubscriptionRequest,
  base: ChannelOptions,
  grant: SubscriptionGrant,
): GrantedSubscription {
  const options = overrideOptions(base, grant.override);
  const access = { user, insecure, options, isSubscribed: true };
  const { positioned, recoverable } = decidePositioning(
    options,
    request,
    mayReadHistory(access) === undefined,
  );
  const joinLeave = decideJoinLeave(options, request, mayReadPresence(access) === undefined);
  const mode = options.force_recovery_mode;
  const autoCache = recoverable && mode === "cache" && options.auto_cache_recover;
  const position = recoverable ? request.recover : undefined;
  const { channel, isServerSide, isAdded, hasToken, flag } = request;
  return {
    subscription: {
      channel,
      isServerSide,
      isPositioned: positioned,
      isRecoverable: recoverable,
      wantsJoinLeave: joinLeave.receives,
      isAnnounced: joinLeave.emits,
      isPresent: options.presence,
      info: json(grant.info),
      expireAt: grant.expireAt,
      hasToken,
      isAdded,
    },
    recovery: position === undefined && !autoCache ? undefined : { mode, autoCache, request: position },
    flag,
    data: json(grant.data),
  };
}
