import type { BlockUserCommand, HomeAnswer } from "../hub-rpc/management.ts";
import { type BlockedUsers, closeOfBlocked } from "../sessions/blocked-users.ts";
import { ERRORS } from "../shared/codes.ts";
import { type HubOfHomeOperations, tellUser, whyNoUser } from "./at-home.ts";

/** What blocking a user needs of the user's control home. */
export type HubOfBlocks = HubOfHomeOperations & {
  readonly blockedUsers: Pick<BlockedUsers, "block" | "unblock">;
};

/** Keeps a user out until a time, then closes the connections that it has. What fails to hear of it is told again by the next call. */
export async function blockUser(
  hub: HubOfBlocks,
  { user, until, reason }: BlockUserCommand,
): Promise<HomeAnswer> {
  const refusal = whyNoUser(hub, user);
  if (refusal) return refusal;
  // First: who connects from here on is refused, and everybody else is known to the hubs that are told.
  if (!hub.blockedUsers.block(user, { until, reason })) return { errorCode: ERRORS.limitExceeded.code };
  const close = closeOfBlocked({ reason });
  return tellUser(hub, {
    action: "disconnect",
    ...{ user, client: "", session: "", whitelist: [] },
    ...{ code: close.code, reason: close.reason },
  });
}

/** Lets a user connect again. */
export function unblockUser(hub: HubOfBlocks, user: string): HomeAnswer {
  const refusal = whyNoUser(hub, user);
  if (refusal) return refusal;
  hub.blockedUsers.unblock(user);
  return { kind: "done" };
}
