import type { Counters } from "../metrics/counters.ts";
import type { CloseDefinition } from "../shared/codes.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { LongReplies } from "./long-replies.ts";
import type { Session } from "./session.ts";
import type { WaitingCommands } from "./waiting-commands.ts";

/** What a session needs of its hub. */
export interface HubOfSession {
  readonly counters: Counters;
  readonly outbox: { readonly replies: LongReplies };
  readonly waiting: WaitingCommands;
  readonly recorder: Recorder<Session>;
  /** Asks for `flush()` at the end of the tick. */
  queue(session: Session): void;
  /** Called when the session is closed from this side, before the client answers. */
  left(session: Session, close: CloseDefinition): void;
}
