import type { HubCore } from "../../durable-objects/hub/core.ts";
import type { RefreshCommand, SubRefreshCommand } from "../protocol/messages.ts";
import { mayWait } from "../sessions/pending.ts";
import type { Session } from "../sessions/session.ts";
import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import { isOver } from "../shared/expiry.ts";
import { VERSION } from "../shared/version.ts";
import { json } from "./hook.ts";
import { expiryOf } from "./subscribing.ts";
import { grantByToken } from "./subscription-token.ts";

/** `refresh`: a new connection token before the old one runs out. */
export function refresh(core: HubCore, session: Session, command: RefreshCommand): Promise<void> | undefined {
  // Whoever came without a token is not to bring one: the server, which let it in, decides how long it stays.
  if (command.token === "" || !session.state.hasToken) {
    session.disconnect(DISCONNECTS.badRequest);
    return undefined;
  }
  return mayWait(session, command) ? refreshByToken(core, session, command) : undefined;
}

async function refreshByToken(core: HubCore, session: Session, { id, token }: RefreshCommand): Promise<void> {
  const verified = await core.tokens.connection(token);
  if (session.isClosed) return;
  if (verified.kind === "unavailable") session.fail(id, ERRORS.internal);
  else if (verified.kind === "expired") session.disconnect(DISCONNECTS.expired);
  else if (verified.kind === "invalid" || verified.claims.user !== session.state.user) {
    session.disconnect(DISCONNECTS.invalidToken);
  } else if (
    hasOtherChannels(
      session,
      Object.keys(verified.claims.channels),
      core.personalChannelOf(session.state.user),
    )
  ) {
    session.disconnect(DISCONNECTS.insufficientState);
  } else {
    const { claims } = verified;
    const { state } = session;
    if (isOver(claims.expireAt, Date.now())) {
      session.disconnect(DISCONNECTS.expired);
      return;
    }
    state.expireAt = claims.expireAt;
    state.info = json(claims.info) ?? state.info;
    state.meta = json(claims.meta) ?? state.meta;
    session.change();
    core.wakeForExpiry(session);
    const { client, expireAt } = state;
    const expiry = expiryOf({ expireAt, hasToken: true });
    session.reply(id, { kind: "refresh", client, version: VERSION, ...expiry });
  }
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

/** `sub_refresh`: a new subscription token before the old one runs out. */
export function refreshSubscription(
  core: HubCore,
  session: Session,
  command: SubRefreshCommand,
): Promise<void> | undefined {
  if (command.channel === "" || core.renewals.renewsSubscriptions) session.disconnect(DISCONNECTS.badRequest);
  else if (!session.subscriptions.has(command.channel)) session.fail(command.id, ERRORS.permissionDenied);
  else if (command.token === "") session.fail(command.id, ERRORS.badRequest);
  else if (mayWait(session, command)) return refreshSubscriptionByToken(core, session, command);
  return undefined;
}

async function refreshSubscriptionByToken(
  core: HubCore,
  session: Session,
  command: SubRefreshCommand,
): Promise<void> {
  const onExpired = () => session.disconnect(DISCONNECTS.subscriptionExpired);
  const grant = await grantByToken(core, session, command, onExpired);
  if (grant === undefined || session.isClosed) return;
  const subscription = session.subscriptions.get(command.channel);
  if (subscription === undefined) {
    session.fail(command.id, ERRORS.permissionDenied);
    return;
  }
  const { expireAt } = grant;
  core.membership.replace(session, {
    ...subscription,
    expireAt,
    hasToken: true,
    info: json(grant.info) ?? subscription.info,
  });
  core.wakeForExpiry(session);
  session.reply(command.id, { kind: "sub_refresh", ...expiryOf({ expireAt, hasToken: true }) });
}
