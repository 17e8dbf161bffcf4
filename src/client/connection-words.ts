/** The state of a connection in a few words, for the header of the page. */

import type { ConnectionState, Target } from "./connection.ts";
import { hostOf } from "./reach-words.ts";

/** @param isRefused whether the gateway has said that it does not accept the connection now. */
export function describeConnection(state: ConnectionState, { url }: Target, isRefused: boolean): string {
  switch (state.name) {
    case "closed":
      return "not connected";
    case "connecting":
      return state.attempt === 0 ? "connecting …" : `reconnecting, attempt ${state.attempt} …`;
    case "open":
      return `open · ${URL.parse(url)?.pathname ?? url}`;
    case "closing":
      return "closing …";
    case "waiting":
      if (isRefused) return "refused, will try again";
      return state.isLost ? "lost, will reconnect" : `cannot reach ${hostOf(url)}`;
  }
}
