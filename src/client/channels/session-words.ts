/** The state of a session in words. */

import { describeConnecting, describeDisconnect } from "./code-words.ts";
import type { SessionState } from "./session.ts";

/** A few words for the header of the page. `isDropped` while its user keeps the connection away. */
export function describeState(state: SessionState, channels: number, isDropped: boolean): string {
  const { name } = state;
  if (name === "connected") return `connected · ${channels === 1 ? "1 channel" : `${channels} channels`}`;
  if (isDropped) return "offline, dropped by you";
  const { code, reason } = state;
  if (name === "disconnected") {
    return code === 0 ? "not connected" : `${code} ${describeDisconnect(code, reason).name}`;
  }
  return code === 0 ? "connecting …" : `${describeConnecting(code, reason).name}, reconnecting …`;
}

/** What went wrong, and whether it mends itself. Empty where a person asked for it. */
export function describeTrouble(state: SessionState, isDropped: boolean): string {
  if (state.name === "connected" || state.code === 0 || isDropped) return "";
  const { code, reason } = state;
  const isOver = state.name === "disconnected";
  const { name, meaning } = isOver ? describeDisconnect(code, reason) : describeConnecting(code, reason);
  return `${code} ${name}. ${meaning} ${isOver ? "It does not come back by itself." : "It comes back by itself."}`;
}
