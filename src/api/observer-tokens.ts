import type { TokenVerifier } from "../auth/tokens.ts";
import { OVERVIEW_CHANNEL } from "../channels/overview.ts";
import { rightsOf } from "./access.ts";
import { type KeyBindings, readKeys } from "./key-list.ts";
import { expiryOf, keyOfToken } from "./operator-token.ts";

/**
 * Takes operators' tokens with the right `observe` in the place of connection tokens: the connection is subscribed to
 * the channel of overviews, and ends with the token.
 */
export function observerTokens(bindings: KeyBindings): TokenVerifier {
  const keys = readKeys(bindings);
  return {
    async connection(token, now = new Date()) {
      const expireAt = expiryOf(token);
      if (expireAt === undefined) return { kind: "invalid", why: "it is no operator's token" };
      if (expireAt * 1000 <= now.getTime()) return { kind: "expired" };
      const key = await keyOfToken(token, keys, now.getTime());
      if (key === undefined) return { kind: "invalid", why: "it was made with no key that is known" };
      if (!rightsOf(key).includes("observe")) return { kind: "invalid", why: "its key has no right observe" };
      const channels = { [OVERVIEW_CHANNEL]: {} };
      return { kind: "valid", claims: { user: "", expireAt, info: undefined, meta: undefined, channels } };
    },
    async subscription() {
      return { kind: "invalid", why: "an operator subscribes to nothing" };
    },
  };
}
