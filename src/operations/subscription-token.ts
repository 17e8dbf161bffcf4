import type { SubscriptionClaims, TokenVerifier } from "../auth/tokens.ts";
import type { ClientFaults } from "../sessions/client-faults.ts";
import type { Session } from "../sessions/session.ts";
import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import { isOver } from "../shared/expiry.ts";
import { closeWith, failWith, type Refusal } from "../shared/refusal.ts";
import { type Granted, granted } from "./operation.ts";

/** What reading a subscription token needs of the hub. */
export interface HubOfSubscriptionTokens {
  readonly subscriptionTokens: Pick<TokenVerifier, "subscription">;
  readonly faults: Pick<ClientFaults, "noteUnproven">;
}

/** What a subscription token grants; `expired` is the answer to one that has run out. */
export async function grantByToken(
  hub: HubOfSubscriptionTokens,
  session: Session,
  { channel, token }: { readonly channel: string; readonly token: string },
  expired: Refusal,
): Promise<Granted<SubscriptionClaims>> {
  const { client, user } = session.state;
  const verified = await hub.subscriptionTokens.subscription(token);
  switch (verified.kind) {
    case "valid": {
      const { claims } = verified;
      const isForBoth =
        claims.user === user && claims.channel === channel && (claims.client ?? client) === client;
      if (!isForBoth) return closeWith(DISCONNECTS.invalidToken);
      return isOver(claims.expireAt, Date.now()) ? expired : granted(claims);
    }
    case "expired":
      return expired;
    case "invalid":
    case "unavailable": {
      const error = verified.kind === "invalid" ? ERRORS.permissionDenied : ERRORS.internal;
      hub.faults.noteUnproven("subscription_token_refused", error, session, verified.why);
      return failWith(error);
    }
  }
}
