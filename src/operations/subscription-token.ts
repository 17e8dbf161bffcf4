import type { HubCore } from "../../durable-objects/hub/core.ts";
import type { SubscriptionGrant } from "../channels/hooks.ts";
import type { Session } from "../sessions/session.ts";
import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import { isOver } from "../shared/expiry.ts";

/** What a subscription token grants. Undefined: nothing, and the client has been told. */
export async function grantByToken(
  core: HubCore,
  session: Session,
  { id, channel, token }: { id: number; channel: string; token: string },
  onExpired = () => session.fail(id, ERRORS.tokenExpired),
): Promise<SubscriptionGrant | undefined> {
  const { client, user } = session.state;
  const verified = await core.subscriptionTokens.subscription(token);
  if (verified.kind === "valid") {
    const { claims } = verified;
    const isForBoth =
      claims.user === user && claims.channel === channel && (claims.client ?? client) === client;
    if (!isForBoth) session.disconnect(DISCONNECTS.invalidToken);
    else if (isOver(claims.expireAt, Date.now())) onExpired();
    else return claims;
    return undefined;
  }
  if (verified.kind === "expired") onExpired();
  else {
    const error = verified.kind === "invalid" ? ERRORS.permissionDenied : ERRORS.internal;
    core.faults.noteUnproven("subscription_token_refused", error, client, verified.why);
    session.fail(id, error);
  }
  return undefined;
}
