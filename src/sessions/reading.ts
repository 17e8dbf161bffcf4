import { SESSION_LIMITS } from "../shared/limits.ts";
import { Turns } from "../shared/turns.ts";
import { mayLookUp, type PendingCommand } from "./pending.ts";

/** What one session reads of other homes at a time. */
export class Reading {
  readonly short = new Turns(SESSION_LIMITS.reads);
  readonly long = new Turns(SESSION_LIMITS.longReads);
}

/** A question to another home, and what becomes of its answer. */
export interface RemoteRead<Answer> {
  /** Asks for an answer of at most so many characters; undefined for as many as a reply may have. */
  ask(length: number | undefined): Promise<Answer>;
  isLong(answer: Answer): boolean;
  /** Gives up an answer that is asked for again. */
  discard?(answer: Answer): void;
  /** Answers the command. Until it has, the answer is in memory, and the next one has to wait. */
  tell(answer: Answer): Promise<void>;
}

/**
 * Reads something of another home for a session. Most answers are short, and come at once; for one that is long the
 * session waits its turn, so that no frame of such questions fills the memory of the hub.
 */
export async function readElsewhere<Answer>(
  pending: PendingCommand,
  { ask, isLong, discard, tell }: RemoteRead<Answer>,
): Promise<void> {
  const { session } = pending;
  session.reading ??= new Reading();
  const { short, long } = session.reading;
  const isCut = await short.take(async () => {
    if (!mayLookUp(pending)) return false;
    const answer = await ask(SESSION_LIMITS.shortRead);
    if (!isLong(answer)) await tell(answer);
    else discard?.(answer);
    return isLong(answer);
  });
  if (!isCut) return;
  await long.take(async () => {
    if (mayLookUp(pending)) await tell(await ask(undefined));
  });
}
