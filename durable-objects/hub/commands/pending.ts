import { ERRORS } from "../../../src/codes.ts";
import { SESSION_LIMITS } from "../../../src/limits.ts";
import type { Session } from "../session.ts";

/** Whether a session may start another command that has to wait for something. If not, it has been told. */
export function mayWait(session: Session, id: number): boolean {
  if (session.pendingCommands < SESSION_LIMITS.pendingCommands) return true;
  if (id > 0) session.fail(id, ERRORS.tooManyRequests);
  return false;
}
