import { decideDebt } from "../../src/channels/debt.ts";
import { DISCONNECTS } from "../../src/codes.ts";
import { PING } from "../../src/protocol/encode.ts";
import type { Session } from "./session.ts";

/** Sends what is queued for a session, unless its client is too slow for it. */
export function sendFrame(
  session: Session,
  queueSize: number,
  lastSignOf: (session: Session) => number,
): void {
  // The answer to a probe does not wake the object: whether it came is asked when it matters.
  if (session.debt > queueSize) session.sawSign(lastSignOf(session));
  const verdict = decideDebt(session.raw.bufferedAmount, session.debt, queueSize);
  if (verdict === "close") {
    session.disconnect(DISCONNECTS.slow);
    return;
  }
  if (verdict === "probe" && !session.isProbed) {
    session.isProbed = true;
    session.push(PING);
  }
  session.flush();
}
