/** The state of a session in words. */

import { cannotReach, hostOf } from "../reach-words.ts";
import { describeConnecting, describeDisconnect, describeError } from "./code-words.ts";
import type { SessionState } from "./session.ts";

export interface SessionPicture {
  readonly state: SessionState;
  /** Channels that the client is subscribed to. */
  readonly channels: number;
  /** While its user keeps the connection away. */
  readonly isDropped: boolean;
  /** The URL that could not be reached since its user asked for it. */
  readonly unreached: string | undefined;
  /** Why the gateway does not accept the connection now. */
  readonly refused: string | undefined;
  /** The error of the last attempt to connect. */
  readonly failure: { readonly code: number; readonly message: string } | undefined;
}

/** A few words for the header of the page. */
export function describeState({
  state,
  channels,
  isDropped,
  unreached,
  refused,
  failure,
}: SessionPicture): string {
  const { name } = state;
  if (name === "connected") return `connected · ${channels === 1 ? "1 channel" : `${channels} channels`}`;
  if (isDropped) return "offline, dropped by you";
  const { code, reason } = state;
  if (name === "disconnected") {
    return code === 0 ? "not connected" : `${code} ${describeDisconnect(code, reason).name}`;
  }
  if (refused !== undefined) return "refused, will try again";
  if (failure) return `${describeError(failure.code, failure.message).name}, will try again`;
  if (code !== 0) return `${describeConnecting(code, reason).name}, reconnecting …`;
  return unreached === undefined ? "connecting …" : `cannot reach ${hostOf(unreached)}`;
}

/** What went wrong, and whether it mends itself. Empty where a person asked for it. */
export function describeTrouble({ state, isDropped, unreached, refused, failure }: SessionPicture): string {
  if (state.name === "connected" || isDropped) return "";
  const { code, reason } = state;
  const isOver = state.name === "disconnected";
  if (!isOver && refused !== undefined) return `${refused} It is tried again.`;
  if (!isOver && failure) return describeFailure(failure);
  if (code === 0)
    return isOver || unreached === undefined ? "" : `${cannotReach(unreached)} It is tried again.`;
  const { name, meaning } = isOver ? describeDisconnect(code, reason) : describeConnecting(code, reason);
  return `${code} ${name}. ${meaning} ${isOver ? "It does not come back by itself." : "It comes back by itself."}`;
}

function describeFailure({ code, message }: NonNullable<SessionPicture["failure"]>): string {
  const { name, meaning } = describeError(code, message);
  return `${code} ${name}. ${meaning} It is tried again.`;
}
