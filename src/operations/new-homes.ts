import type { Shedding } from "../budget/shedding.ts";
import type { ResolvedConfig } from "../config/config.ts";
import { type NewHomes, newHomesOf } from "../sessions/new-homes.ts";
import type { PendingCommand } from "../sessions/pending.ts";
import { ERRORS } from "../shared/codes.ts";
import { SESSION_LIMITS } from "../shared/limits.ts";
import { failWith } from "../shared/refusal.ts";
import type { LocalChannels } from "../streams/local-channels.ts";

/** What calling the home of a channel needs of the hub. */
export interface HubOfNewHomes {
  readonly config: ResolvedConfig;
  readonly newHomes: Pick<NewHomes, "admits" | "knows">;
  readonly locals: Pick<LocalChannels, "has">;
  readonly shedding: Pick<Shedding, "refuses">;
  isHomeOf(channel: string): boolean;
  homeOf(channel: string): string;
}

/** Whether a command may go to the home of its channel: each made-up name would wake an object. If not, it is answered. */
export function mayCallHome(hub: HubOfNewHomes, pending: PendingCommand, channel: string): boolean {
  if (hub.isHomeOf(channel)) return true;
  const now = Date.now();
  const { session } = pending;
  const home = hub.homeOf(channel);
  // Who is subscribed may go on after the hub has slept, and forgotten which homes it has called.
  const isNew = !hub.newHomes.knows(home) && !hub.locals.has(channel);
  if (isNew && hub.shedding.refuses("channels", now)) {
    pending.answer(failWith(ERRORS.budgetExceeded));
    return false;
  }
  session.newHomes ??= newHomesOf(SESSION_LIMITS, hub.config.connection.channelLimit, now);
  if (hub.newHomes.admits(home, session.newHomes, now)) return true;
  pending.answer(failWith(ERRORS.tooManyRequests));
  return false;
}
