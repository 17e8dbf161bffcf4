import { type CloseDefinition, DISCONNECTS } from "../shared/codes.ts";
import { RefusalLog } from "../shared/refusal-log.ts";
import { logFieldsOf } from "./log-fields.ts";
import type { Session } from "./session.ts";

/** Closes that a client's own messages have caused. That its token is wrong, or missing, is a line of its own. */
const FAULTS: readonly CloseDefinition[] = [
  DISCONNECTS.badRequest,
  DISCONNECTS.tooManyRequests,
  DISCONNECTS.messageTooLarge,
  DISCONNECTS.notAvailable,
  DISCONNECTS.connectionLimit,
  DISCONNECTS.channelLimit,
];

type LoggedSession = Pick<Session, "state">;

/** What is logged of clients that could not prove who they are, or what they may do. */
type Unproven = "connect_refused" | "token_refused" | "token_unverified" | "subscription_token_refused";

/** Logs what whoever wrote the client, or issues its tokens, should hear of. */
export class ClientFaults {
  readonly #closes = new RefusalLog("hub.client_refused");
  readonly #unproven: Readonly<Record<Unproven, RefusalLog>> = {
    connect_refused: new RefusalLog("hub.connect_refused"),
    token_refused: new RefusalLog("hub.token_refused"),
    token_unverified: new RefusalLog("hub.token_unverified"),
    subscription_token_refused: new RefusalLog("hub.subscription_token_refused"),
  };

  note({ code, reason }: Pick<CloseDefinition, "code" | "reason">, session: LoggedSession): void {
    if (FAULTS.some((fault) => fault.code === code))
      this.#closes.note(code, { ...logFieldsOf(session), reason }, Date.now());
  }

  /** `code` is what the client is told. */
  noteUnproven(
    what: Unproven,
    { code }: { readonly code: number },
    session: LoggedSession,
    why: string,
  ): void {
    this.#unproven[what].note(code, { ...logFieldsOf(session), why }, Date.now());
  }
}
