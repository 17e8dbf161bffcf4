import type { SubscriptionOverride } from "../channels/override.ts";
import type { UserCommand } from "../hub-rpc/management.ts";
import { DISCONNECTS, disconnectReasonOf } from "../shared/codes.ts";
import { defined } from "../shared/defined.ts";
import { readExpiry } from "../shared/expiry.ts";
import type { ReadRequest } from "./schemas.ts";

/** Methods that are about the connections of a user. */
export type UserMethod = "subscribe" | "unsubscribe" | "disconnect" | "refresh";

const BUILDERS: { readonly [Method in UserMethod]: (request: ReadRequest<Method>) => UserCommand } = {
  subscribe: ({ user, client, session, channel, ...request }) => ({
    action: "subscribe",
    ...{ user, client, session, channel },
    info: request.b64info ?? request.info,
    data: request.b64data ?? request.data,
    recoverSince: request.recover_since ?? undefined,
    expireAt: readExpiry(request.expire_at),
    override: overrideOf(request.override),
  }),
  unsubscribe: ({ user, client, session, channel }) => ({
    action: "unsubscribe",
    ...{ user, client, session, channel },
  }),
  disconnect: ({ user, client, session, whitelist, disconnect }) => {
    const code = disconnect?.code ?? DISCONNECTS.forceDisconnect.code;
    // A terminal close without a reason makes centrifuge-js (5.8.0) reconnect.
    const reason = disconnect?.reason || disconnectReasonOf(code);
    return { action: "disconnect", ...{ user, client, session, whitelist }, code, reason };
  },
  refresh: ({ user, client, session, expired, expire_at, info, b64info }) => ({
    action: "refresh",
    ...{ user, client, session },
    isExpired: expired,
    expireAt: readExpiry(expire_at),
    info: b64info ?? info,
  }),
};

/** The command that goes to all hubs that hold connections of the user. */
export function userCommandOf<Method extends UserMethod>(
  method: Method,
  request: ReadRequest<Method>,
): UserCommand {
  return BUILDERS[method](request);
}

function overrideOf(override: ReadRequest<"subscribe">["override"]): SubscriptionOverride {
  return defined<SubscriptionOverride>({
    presence: override?.presence?.value,
    joinLeave: override?.join_leave?.value,
    forceRecovery: override?.force_recovery?.value,
    forcePositioning: override?.force_positioning?.value,
    forcePushJoinLeave: override?.force_push_join_leave?.value,
  });
}
