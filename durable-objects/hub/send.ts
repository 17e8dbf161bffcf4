import { debtLimit, decideDebt } from "../../src/channels/debt.ts";
import { DISCONNECTS } from "../../src/codes.ts";
import { PING } from "../../src/protocol/encode.ts";
import type { Session } from "./session.ts";

/** Sends what is queued for a session, unless its client is too slow for it. */
export function sendFrame(
  session: Session,
  queueSize: number,
  lastSignOf: (session: Session) => number,
): void {
  const limit = debtLimit(queueSize, session.replied);
  // The answer to a probe does not wake the object: whether it came is asked when it matters.
  if (session.debt > limit) session.sawSign(lastSignOf(session));
  const buffered = session.raw.bufferedAmount;
  const verdict = decideDebt(buffered, session.debt, limit);
  if (verdict === "close") {
    session.discard();
    session.disconnect(DISCONNECTS.slow);
    return;
  }
  if (verdict === "probe" && !session.isProbed) {
    session.isProbed = true;
    session.push(PING);
  }
  if (buffered !== undefined && buffered <= queueSize) session.replied = 0;
  session.flush();
}
