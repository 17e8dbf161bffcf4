import { SESSION_LIMITS } from "../../../src/limits.ts";
import type { Session } from "../session.ts";
import { Turns } from "../turns.ts";
import { mayLookUp } from "./pending.ts";

/** What one session reads of other homes at a time. */
export class Reading {
  readonly short = new Turns(SESSION_LIMITS.reads);
  readonly long = new Turns(SESSION_LIMITS.longReads);
}

/** A question to another home, and what it may bring. */
export interface RemoteRead<Answer> {
  /** Asks for an answer of at most so many characters; undefined for as many as a reply may have. */
  ask(length: number | undefined): Promise<Answer>;
  isLong(answer: Answer): boolean;
  /** Gives up an answer that is asked for again. */
  discard?(answer: Answer): void;
}

/**
 * Reads something of another home. Most answers are short, and come at once; for one that is long the session waits its
 * turn, so that no frame of such questions fills the memory of the hub. Undefined: the session has been told why not, or
 * has gone.
 */
export async function readElsewhere<Answer>(
  session: Session,
  id: number,
  { ask, isLong, discard }: RemoteRead<Answer>,
): Promise<Answer | undefined> {
  session.reading ??= new Reading();
  const { short, long } = session.reading;
  const askFor = (length?: number) => () => (mayLookUp(session, id) ? ask(length) : undefined);
  const answer = await short.take(askFor(SESSION_LIMITS.shortRead));
  if (answer === undefined || !isLong(answer)) return answer;
  discard?.(answer);
  return long.take(askFor());
}
