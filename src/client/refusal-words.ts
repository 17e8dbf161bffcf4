/** The gateway's answer to the question whether it would accept a connection, in words. */

import { howToTurnOn } from "./turn-on-words.ts";

export interface Refusal {
  /** Sentences. */
  readonly text: string;
  /** Whether trying again is of no use. */
  readonly isFinal: boolean;
}

/** What the gateway answered. */
export interface Answer {
  readonly status: number;
  /** The subprotocol that the connection would have, "" for none. */
  readonly protocol: string;
  readonly body: string;
}

const WOULD_ACCEPT = 204;
const TOO_MANY = 429;
const BODY_CHARACTERS = 200;

/** @param kind the room kind of the address; empty for one that is no room's. */
export function describeRefusal(kind: string, protocols: readonly string[], answer: Answer): Refusal {
  const { status, protocol, body } = answer;
  if (status === WOULD_ACCEPT) return describeLoss(protocols, protocol);
  if (status < 400) {
    return {
      text: `Refused: ${status}: this address answers with something else than a WebSocket.`,
      isFinal: true,
    };
  }
  const { code, message } = readError(body);
  const isFinal = status < 500 && status !== TOO_MANY;
  const advice = code === "kind_not_public" ? ` To turn it on, ${howToTurnOn(kind)}` : "";
  return { text: `Refused: ${status}: ${asSentence(message)}${advice}`, isFinal };
}

/** An author's own words may end as a sentence does. */
function asSentence(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}

/** A browser gives up a connection whose subprotocol is none that it offered. */
function describeLoss(offered: readonly string[], chosen: string): Refusal {
  return offered.length > 0 && chosen === ""
    ? { text: `Refused: this room speaks none of the subprotocols: ${offered.join(", ")}.`, isFinal: true }
    : { text: "The gateway would accept this connection now: it was lost on its way.", isFinal: false };
}

/** What an author's own `upgrade` answers may be any text. */
function readError(body: string): { code: unknown; message: string } {
  try {
    const { code, message } = (JSON.parse(body) as { error: { code: unknown; message: unknown } }).error;
    return { code, message: String(message) };
  } catch {
    return { code: undefined, message: body.slice(0, BODY_CHARACTERS) || "refused without a reason" };
  }
}
