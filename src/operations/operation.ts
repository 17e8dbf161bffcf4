import type { Push } from "../protocol/messages.ts";
import type { PendingCommand } from "../sessions/pending.ts";
import type { Refusal } from "../shared/refusal.ts";

/** What came of an operation. */
export type Outcome<Result> = Done<Result> | Refusal;

export interface Done<Result> {
  readonly kind: "done";
  readonly result: Result;
  /** What the session is pushed right after it, in this order. */
  readonly pushes: readonly Push[];
}

/** A command of a session on its way through an operation. */
export interface OperationRequest<Command, Result> extends PendingCommand {
  readonly command: Command & PendingCommand["command"];
  /**
   * Takes the outcome. An operation calls this once, in the same step as what it does to the session, so that nothing else
   * can be queued for the session in between. It may leave the call out when the session has been closed.
   */
  answer(outcome: Outcome<Result>): void;
}

const NO_PUSHES: readonly Push[] = [];

export function done<Result>(result: Result, pushes: readonly Push[] = NO_PUSHES): Done<Result> {
  return { kind: "done", result, pushes };
}

/** What somebody is granted, or why not. */
export type Granted<Grant> = Grants<Grant> | Refusal;

interface Grants<Grant> {
  readonly kind: "granted";
  readonly grant: Grant;
}

export function granted<Grant>(grant: Grant): Grants<Grant> {
  return { kind: "granted", grant };
}
