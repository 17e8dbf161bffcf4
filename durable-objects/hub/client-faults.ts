import { type CloseDefinition, DISCONNECTS } from "../../src/codes.ts";
import { RefusalLog } from "../../src/refusal-log.ts";

/** Closes that a client's own messages have caused. That its token is wrong, or missing, is a line of its own. */
const FAULTS: readonly CloseDefinition[] = [
  DISCONNECTS.badRequest,
  DISCONNECTS.tooManyRequests,
  DISCONNECTS.messageTooLarge,
  DISCONNECTS.notAvailable,
  DISCONNECTS.inappropriateProtocol,
  DISCONNECTS.connectionLimit,
  DISCONNECTS.channelLimit,
];

/** Logs closes that whoever wrote the client should hear of. */
export class ClientFaults {
  readonly #log = new RefusalLog("hub.client_refused");

  note({ code, reason }: Pick<CloseDefinition, "code" | "reason">, client?: string): void {
    if (FAULTS.some((fault) => fault.code === code)) this.#log.note(code, { client, reason }, Date.now());
  }
}
