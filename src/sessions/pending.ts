import type { PublicationData } from "../protocol/messages.ts";
import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import { HUB_LIMITS, SESSION_LIMITS } from "../shared/limits.ts";
import { closeWith, failWith, type Refusal } from "../shared/refusal.ts";
import type { HubOfSession } from "./hub-of-session.ts";
import type { Session } from "./session.ts";

/** What of a command can be long. */
interface Waiting {
  readonly kind?: string;
  /** Absent: it has no reply. */
  readonly id?: number;
  readonly channel?: string;
  readonly method?: string;
  readonly data?: PublicationData | undefined;
  readonly token?: string;
}

/** A command of a session, and what takes the answer where it is refused. */
export interface PendingCommand {
  readonly session: Session;
  readonly command: Waiting;
  answer(refusal: Refusal): void;
}

/**
 * Whether a session may start another command that has to wait for something. If not, it is answered: what cannot be
 * answered with an error ends the session, since a message that is dropped in silence is lost.
 */
export function mayWait(pending: PendingCommand): boolean {
  const { session, command } = pending;
  const isOneOfFew = session.pendingCommands < SESSION_LIMITS.pendingCommands;
  if (isOneOfFew && session.mayHold(lengthOf(command))) return true;
  const canFail = command.id !== undefined;
  pending.answer(canFail ? failWith(ERRORS.tooManyRequests) : closeWith(DISCONNECTS.tooManyRequests));
  return false;
}

/**
 * Whether a read that may be long may begin for a session. If not, the command is answered, or the session has gone. Asked
 * before the read, since what cannot be answered would cost as much as what can.
 */
export function mayLookUp(pending: PendingCommand): boolean {
  const { session } = pending;
  if (session.isClosed) return false;
  const isOverdrawn = session.allowance?.isOverdrawn(Date.now()) ?? false;
  if (!isOverdrawn) return mayAnswerAtLength(pending);
  pending.answer(failWith(ERRORS.tooManyRequests));
  return false;
}

/**
 * Whether a long reply may be queued besides what waits to be sent in this turn. If not, the command is answered, and the
 * client may ask again: a frame of such commands would fill the memory of the hub.
 */
export function mayAnswerAtLength(pending: PendingCommand): boolean {
  if (pending.session.queuedLength <= SESSION_LIMITS.outputLength) return true;
  pending.answer(failWith(ERRORS.tooManyRequests));
  return false;
}

/**
 * Resolves in a turn whose budget has a long reply left; undefined where this one has. Asked before something long is read,
 * and again after what many may have waited for together: a key set, an answer of another hub.
 */
export function untilBudget(
  { outbox }: Pick<HubOfSession, "outbox">,
  session: Session,
): Promise<void> | undefined {
  // A session that uses up the budget by itself does not wait: it is refused.
  return session.queuedLength <= HUB_LIMITS.repliesLength ? outbox.replies.mayBegin() : undefined;
}

/** Does what leads to a long reply in a turn whose budget has one left. */
export function withinBudget(
  hub: Pick<HubOfSession, "outbox">,
  pending: PendingCommand,
  work: () => Promise<void> | undefined,
): Promise<void> | undefined {
  const { session } = pending;
  const budget = untilBudget(hub, session);
  if (budget === undefined) return work();
  return mayWait(pending) ? budget.then(() => (session.isClosed ? undefined : work())) : undefined;
}

/** Counts a command as waiting until its work has ended. */
export async function countWaiting({ session, command }: PendingCommand, work: Promise<void>): Promise<void> {
  const length = lengthOf(command);
  session.pendingCommands += 1;
  session.hold(length);
  try {
    await work;
  } finally {
    session.pendingCommands -= 1;
    session.hold(-length);
  }
}

function lengthOf({ channel = "", method = "", data = "", token = "" }: Waiting): number {
  return channel.length + method.length + data.length + token.length;
}
