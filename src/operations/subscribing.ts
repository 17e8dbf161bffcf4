import type { HubCore } from "../../durable-objects/hub/core.ts";
import type { SubscriptionGrant } from "../channels/hooks.ts";
import type { ChannelOptions } from "../channels/options.ts";
import { overrideOptions } from "../channels/override.ts";
import { mayReadHistory, mayReadPresence } from "../channels/permissions.ts";
import { decideRecovery } from "../channels/recovery.ts";
import { decideJoinLeave, decidePositioning } from "../channels/subscription-features.ts";
import type { Recovering } from "../hub-rpc/messages.ts";
import type { Json, Push, StreamPosition, SubscribeResult } from "../protocol/messages.ts";
import type { Session } from "../sessions/session.ts";
import type { Subscription } from "../sessions/state.ts";
import { ERRORS, type ProtocolError } from "../shared/codes.ts";
import { type Opening, OpeningOverflow } from "../streams/follower.ts";
import { json } from "./hook.ts";

/** A subscription that has been allowed, before its channel is opened. */
export interface GrantedSubscription {
  readonly subscription: Subscription;
  readonly recovery: Recovering | undefined;
  /** The flag of the subscribe command. */
  readonly flag: number;
  readonly data: Json | undefined;
}

/** What a client asks of a subscription. */
export interface SubscriptionRequest {
  readonly positioned: boolean;
  readonly recoverable: boolean;
  readonly joinLeave: boolean;
  readonly recover: StreamPosition | undefined;
  readonly flag: number;
  readonly isServerSide: boolean;
  readonly isAdded?: boolean;
  readonly hasToken: boolean;
}

/** Works out what a session gets of a channel that it may subscribe to. */
export function grantSubscription(
  core: HubCore,
  session: Session,
  channel: string,
  base: ChannelOptions,
  request: SubscriptionRequest,
  grant: SubscriptionGrant,
): GrantedSubscription {
  const options = overrideOptions(base, grant.override);
  const access = {
    user: session.state.user,
    isSubscribed: true,
    options,
    insecure: core.config.connection.insecure,
  };
  const { positioned, recoverable } = decidePositioning(
    options,
    request,
    mayReadHistory(access) === undefined,
  );
  const joinLeave = decideJoinLeave(options, request, mayReadPresence(access) === undefined);
  const mode = options.force_recovery_mode;
  const autoCache = recoverable && mode === "cache" && options.auto_cache_recover;
  const position = recoverable ? request.recover : undefined;
  return {
    subscription: {
      channel,
      isServerSide: request.isServerSide,
      isPositioned: positioned,
      isRecoverable: recoverable,
      wantsJoinLeave: joinLeave.receives,
      isAnnounced: joinLeave.emits,
      isPresent: options.presence,
      info: json(grant.info),
      expireAt: grant.expireAt,
      hasToken: request.hasToken,
      isAdded: request.isAdded ?? false,
    },
    recovery: position === undefined && !autoCache ? undefined : { mode, autoCache, request: position },
    flag: request.flag,
    data: json(grant.data),
  };
}

/** A new subscription: what its reply says, and what is to be pushed right after it. */
export type Subscribed =
  | { readonly kind: "subscribed"; readonly result: SubscribeResult; readonly pushes: readonly Push[] }
  | { readonly kind: "refused"; readonly error: ProtocolError };

/** Subscribes a session. The caller queues the reply at once, before anything else can be queued for the session. */
export function commitSubscription(
  core: HubCore,
  session: Session,
  granted: GrantedSubscription,
  opening: Opening,
): Subscribed {
  if (!core.memory.takesSubscriptions) {
    opening.abandon();
    return { kind: "refused", error: ERRORS.tooManyRequests };
  }
  const { subscription, recovery, flag, data } = granted;
  const stream = { offset: opening.offset, epoch: opening.epoch };
  const { first = 1, publications = [] } = opening.history ?? {};
  const missed = publications.map((publication, index) => ({ offset: first + index, publication }));
  const decision = recovery && decideRecovery({ ...recovery, stream, missed, flag });
  if (decision?.kind === "refused") {
    opening.abandon();
    return decision;
  }
  const meanwhile = commitQuietly(opening);
  if (meanwhile === undefined) return { kind: "refused", error: ERRORS.internal };
  const recovered = decision?.kind === "recovered";
  const { channel } = subscription;
  core.membership.add(session, subscription);
  if (decision && decision.kind !== "none") {
    core.counters.noteRecovery(recovered, recovered ? decision.publications.length : 0);
  }
  if (subscription.expireAt !== undefined) core.wakeForExpiry(session);
  return {
    kind: "subscribed",
    pushes: meanwhile.map((publication) => ({ kind: "publication", channel, publication })),
    result: {
      ...expiryOf(subscription),
      recoverable: subscription.isRecoverable,
      positioned: subscription.isPositioned,
      epoch: subscription.isPositioned ? opening.epoch : "",
      offset: subscription.isPositioned ? (decision?.offset ?? opening.offset) : 0,
      publications: recovered ? decision.publications.map(({ publication }) => publication) : [],
      recovered,
      wasRecovering: decision !== undefined && decision.kind !== "none",
      data,
    },
  };
}

/** Told only to those who are to refresh by themselves. */
export function expiryOf({ expireAt, hasToken }: { expireAt: number | undefined; hasToken: boolean }) {
  if (expireAt === undefined || !hasToken) return { expires: false, ttl: 0 };
  return { expires: true, ttl: secondsUntil(expireAt) };
}

/** Seconds until a time in Unix seconds, at least 1: a ttl of 0 would be left out of the reply. */
function secondsUntil(time: number): number {
  return Math.max(1, Math.min(MAX_TTL, Math.ceil(time - Date.now() / 1000)));
}

const MAX_TTL = 365 * 24 * 3600;

function commitQuietly(opening: Opening): readonly string[] | undefined {
  try {
    return opening.commit();
  } catch (failure) {
    if (failure instanceof OpeningOverflow) return undefined;
    throw failure;
  }
}
