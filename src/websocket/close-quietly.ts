import { answerToClose } from "./close-answer.ts";

/** Closes a socket that may be gone already: then there is nobody left to tell. */
export function closeQuietly(raw: WebSocket, { code, reason }: { code?: number; reason?: string }): void {
  try {
    raw.close(code, reason);
  } catch {}
}

/** Completes a closing handshake that the client began: hibernatable sockets do not do it by themselves. */
export function completeClose(raw: WebSocket, code: number, reason: string): void {
  const answer = answerToClose(code, reason);
  closeQuietly(raw, answer.kind === "empty" ? {} : answer);
}
