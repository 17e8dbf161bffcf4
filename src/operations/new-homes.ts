import type { HubCore } from "../../durable-objects/hub/core.ts";
import { newHomesOf } from "../sessions/new-homes.ts";
import type { Session } from "../sessions/session.ts";
import { ERRORS } from "../shared/codes.ts";
import { SESSION_LIMITS } from "../shared/limits.ts";

/**
 * Whether a command may go to the home of its channel: each one that a client makes up a name for is an object that is
 * woken. If not, the client has been told.
 */
export function mayCallHome(core: HubCore, session: Session, id: number, channel: string): boolean {
  if (core.isHomeOf(channel)) return true;
  const now = Date.now();
  session.newHomes ??= newHomesOf(SESSION_LIMITS, core.config.connection.channelLimit, now);
  if (core.newHomes.admits(core.homeOf(channel), session.newHomes, now)) return true;
  session.fail(id, ERRORS.tooManyRequests);
  return false;
}
