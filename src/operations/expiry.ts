import type { Json } from "../protocol/messages.ts";
import type { Session } from "../sessions/session.ts";
import type { Subscription } from "../sessions/state.ts";
import type { Membership } from "./membership.ts";

/** What changing an expiry needs of the hub. */
export interface HubOfExpiry {
  /** Makes sure that the alarm comes in time for a session. */
  wakeForExpiry(session: Session): void;
}

/** What a client is told of an expiry: nothing, unless it is to refresh by itself. */
export function expiryOf({ expireAt, hasToken }: { expireAt: number | undefined; hasToken: boolean }) {
  if (expireAt === undefined || !hasToken) return { expires: false, ttl: 0 };
  return { expires: true, ttl: secondsUntil(expireAt) };
}

/** Seconds until a time in Unix seconds, at least 1: a ttl of 0 would be left out of the reply. */
function secondsUntil(time: number): number {
  return Math.max(1, Math.min(MAX_TTL, Math.ceil(time - Date.now() / 1000)));
}

const MAX_TTL = 365 * 24 * 3600;

/** Until when a connection may stay. Where `info` or `meta` is undefined, it keeps what it has. */
export interface ConnectionRenewal {
  /** Unix seconds; undefined for ever. */
  readonly expireAt: number | undefined;
  readonly info?: Json | undefined;
  readonly meta?: Json | undefined;
}

export function renewConnection(
  hub: HubOfExpiry,
  session: Session,
  { expireAt, info, meta }: ConnectionRenewal,
): void {
  const { state } = session;
  state.expireAt = expireAt;
  state.info = info ?? state.info;
  state.meta = meta ?? state.meta;
  session.change();
  hub.wakeForExpiry(session);
}

/** What renewing a subscription needs of the hub. */
export type HubOfSubscriptionRenewal = HubOfExpiry & {
  readonly membership: Pick<Membership, "replace">;
};

/** Until when a subscription may stay. Where `info` is undefined, it keeps what it has. */
export interface SubscriptionRenewal {
  /** Unix seconds; undefined for ever. */
  readonly expireAt: number | undefined;
  readonly info?: Json | undefined;
}

export function renewSubscription(
  hub: HubOfSubscriptionRenewal,
  session: Session,
  subscription: Subscription,
  { expireAt, info = subscription.info }: SubscriptionRenewal,
): void {
  hub.membership.replace(session, { ...subscription, expireAt, info });
  hub.wakeForExpiry(session);
}
