import type { ResolvedConfig } from "../config/config.ts";
import { type NewHomes, newHomesOf } from "../sessions/new-homes.ts";
import type { PendingCommand } from "../sessions/pending.ts";
import { ERRORS } from "../shared/codes.ts";
import { SESSION_LIMITS } from "../shared/limits.ts";
import { failWith } from "../shared/refusal.ts";

/** What calling the home of a channel needs of the hub. */
export interface HubOfNewHomes {
  readonly config: ResolvedConfig;
  readonly newHomes: Pick<NewHomes, "admits">;
  isHomeOf(channel: string): boolean;
  homeOf(channel: string): string;
}

/** Whether a command may go to the home of its channel: each made-up name would wake an object. If not, it is answered. */
export function mayCallHome(hub: HubOfNewHomes, pending: PendingCommand, channel: string): boolean {
  if (hub.isHomeOf(channel)) return true;
  const now = Date.now();
  const { session } = pending;
  session.newHomes ??= newHomesOf(SESSION_LIMITS, hub.config.connection.channelLimit, now);
  if (hub.newHomes.admits(hub.homeOf(channel), session.newHomes, now)) return true;
  pending.answer(failWith(ERRORS.tooManyRequests));
  return false;
}
