import { ROOM_CLOSES } from "../shared/codes.ts";
import { exceeds, payloadBytes } from "../shared/payload-size.ts";
import { REASON_BYTES } from "./close-payload.ts";

/** How a close frame from a client is answered. */
export type CloseAnswer = { kind: "empty" } | { kind: "close"; code: number; reason: string };

/** The code that stands for a connection that ended without a closing handshake. */
export const CONNECTION_FAILED = 1006;

const NO_CODE_GIVEN = 1005;
const REPLACEMENT_CHARACTER = "\uFFFD";

/**
 * Decides the answer to a close that the runtime reports, by RFC 6455 section 7.4. Hibernatable sockets do not answer
 * by themselves, whatever `web_socket_auto_reply_to_close` is set to (workerd 1.20261117.1), and `ws.close()` throws
 * for codes that a client can send but nobody may echo. 1006 stands for a client that broke the rules, or for TCP that
 * ended without a close: our half may still be open, and stays open until the object sleeps unless we close it.
 */
export function answerToClose(code: number, reason: string): CloseAnswer {
  if (code === NO_CODE_GIVEN) return { kind: "empty" };
  if (!isSendableCloseCode(code) || exceeds(REASON_BYTES, reason)) return close(ROOM_CLOSES.protocol);
  // The runtime replaces broken UTF-8 instead of refusing it, so this is the only trace that it leaves.
  if (reason.includes(REPLACEMENT_CHARACTER)) return close(ROOM_CLOSES.invalidText);
  return { kind: "close", code, reason };
}

/** Whether a code may stand in a close frame: 1000–1003, 1007–1011, and 3000–4999. */
export function isSendableCloseCode(code: number): boolean {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1011) || (code >= 3000 && code <= 4999);
}

/** Whether an application may close a socket of a room with this code: 1000, or 3000 to 4999. */
export function isOwnCloseCode(code: number): boolean {
  return code === 1000 || (Number.isInteger(code) && code >= 3000 && code <= 4999);
}

/**
 * Checks what the author of a room closes with. The runtime accepts more than may be sent: clients take 1016 to 2999
 * for a broken protocol, and codes below 3000, except 1000, say what only the gateway can know.
 *
 * @throws RangeError for a code other than 1000 and 3000 to 4999, a reason without a code, or one over 123 bytes.
 */
export function checkOwnClose(code: number | undefined, reason = ""): void {
  if (code === undefined ? reason !== "" : !isOwnCloseCode(code)) {
    throw new RangeError(`a room closes with code 1000 or 3000 to 4999, not ${code}`);
  }
  const bytes = payloadBytes(reason);
  if (bytes > REASON_BYTES)
    throw new RangeError(`a close reason has at most ${REASON_BYTES} bytes, not ${bytes}`);
}

function close({ code, reason }: { code: number; reason: string }): CloseAnswer {
  return { kind: "close", code, reason };
}
