import type { ConnectionClaims, TokenVerifier } from "../auth/tokens.ts";
import type {
  RefreshCommand,
  RefreshReply,
  SubRefreshCommand,
  SubRefreshReply,
} from "../protocol/messages.ts";
import { mayWait } from "../sessions/pending.ts";
import type { Session } from "../sessions/session.ts";
import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import { isOver } from "../shared/expiry.ts";
import { closeWith, failWith } from "../shared/refusal.ts";
import { VERSION } from "../shared/version.ts";
import {
  expiryOf,
  type HubOfExpiry,
  type HubOfSubscriptionRenewal,
  renewConnection,
  renewSubscription,
} from "./expiry.ts";
import { json } from "./hook.ts";
import { done, type Granted, granted, type OperationRequest } from "./operation.ts";
import type { Renewals } from "./renewals.ts";
import { grantByToken, type HubOfSubscriptionTokens } from "./subscription-token.ts";

/** What `refresh` needs of the hub. */
export type HubOfRefresh = HubOfExpiry & {
  readonly tokens: Pick<TokenVerifier, "connection">;
  personalChannelOf(user: string): string | undefined;
};

/** `refresh`: a new connection token before the old one runs out. */
export function refresh(
  hub: HubOfRefresh,
  request: OperationRequest<RefreshCommand, RefreshReply>,
): Promise<void> | undefined {
  const { session, command } = request;
  // A connection that came without a token brings none later: the server accepted it, and decides how long it stays.
  if (command.token === "" || !session.state.hasToken) request.answer(closeWith(DISCONNECTS.badRequest));
  else if (mayWait(request)) return refreshByToken(hub, request);
  return undefined;
}

async function refreshByToken(
  hub: HubOfRefresh,
  request: OperationRequest<RefreshCommand, RefreshReply>,
): Promise<void> {
  const { session, command } = request;
  const renewed = await renewedBy(hub, session, command.token);
  if (session.isClosed) return;
  if (renewed.kind !== "granted") {
    request.answer(renewed);
    return;
  }
  const { info, meta } = renewed.grant;
  renewConnection(hub, session, { expireAt: renewed.grant.expireAt, info: json(info), meta: json(meta) });
  const { client, expireAt } = session.state;
  const expiry = expiryOf({ expireAt, hasToken: true });
  request.answer(done({ kind: "refresh", client, version: VERSION, ...expiry }));
}

async function renewedBy(
  hub: HubOfRefresh,
  session: Session,
  token: string,
): Promise<Granted<ConnectionClaims>> {
  const verified = await hub.tokens.connection(token);
  if (verified.kind === "unavailable") return failWith(ERRORS.internal);
  if (verified.kind === "expired") return closeWith(DISCONNECTS.expired);
  const { user } = session.state;
  if (verified.kind === "invalid" || verified.claims.user !== user)
    return closeWith(DISCONNECTS.invalidToken);
  const { claims } = verified;
  if (hasOtherChannels(session, Object.keys(claims.channels), hub.personalChannelOf(user)))
    return closeWith(DISCONNECTS.insufficientState);
  return isOver(claims.expireAt, Date.now()) ? closeWith(DISCONNECTS.expired) : granted(claims);
}

/** Whether a token names other channels than the one before. Those that the server has added by itself do not count. */
function hasOtherChannels(
  session: Session,
  channels: readonly string[],
  personal: string | undefined,
): boolean {
  const had = [...session.subscriptions.values()]
    .filter(({ isServerSide, isAdded, channel }) => isServerSide && !isAdded && channel !== personal)
    .map(({ channel }) => channel);
  const wanted = channels.filter(
    (channel) => channel !== personal && session.subscriptions.get(channel)?.isAdded !== true,
  );
  return had.length !== wanted.length || had.some((channel) => !wanted.includes(channel));
}

/** What `sub_refresh` needs of the hub. */
export type HubOfSubRefresh = HubOfSubscriptionTokens &
  HubOfSubscriptionRenewal & {
    readonly renewals: Pick<Renewals, "renewsSubscriptions">;
  };

/** `sub_refresh`: a new subscription token before the old one runs out. */
export function refreshSubscription(
  hub: HubOfSubRefresh,
  request: OperationRequest<SubRefreshCommand, SubRefreshReply>,
): Promise<void> | undefined {
  const { session, command } = request;
  if (command.channel === "" || hub.renewals.renewsSubscriptions)
    request.answer(closeWith(DISCONNECTS.badRequest));
  else if (!session.subscriptions.has(command.channel)) request.answer(failWith(ERRORS.permissionDenied));
  else if (command.token === "") request.answer(failWith(ERRORS.badRequest));
  else if (mayWait(request)) return refreshSubscriptionByToken(hub, request);
  return undefined;
}

async function refreshSubscriptionByToken(
  hub: HubOfSubRefresh,
  request: OperationRequest<SubRefreshCommand, SubRefreshReply>,
): Promise<void> {
  const { session, command } = request;
  const refreshed = await grantByToken(hub, session, command, closeWith(DISCONNECTS.subscriptionExpired));
  if (refreshed.kind !== "granted") {
    request.answer(refreshed);
    return;
  }
  const subscription = session.subscriptions.get(command.channel);
  if (session.isClosed) return;
  if (subscription === undefined) {
    request.answer(failWith(ERRORS.permissionDenied));
    return;
  }
  const { expireAt, info } = refreshed.grant;
  renewSubscription(hub, session, { ...subscription, hasToken: true }, { expireAt, info: json(info) });
  request.answer(done({ kind: "sub_refresh", ...expiryOf({ expireAt, hasToken: true }) }));
}
