/** Where the channels are, and the tokens that open them. */

import { socketUrl } from "../gateway-base.ts";

/** The channel endpoint of a gateway. */
export function channelsUrl(base: string): string {
  return socketUrl(base, "connection/websocket");
}

export interface TokenFacts {
  /** Empty for a token that names no user. */
  readonly user: string;
  /** Milliseconds since 1970; undefined for a token that does not expire. */
  readonly expiresAt: number | undefined;
}

/** What a JWT says of itself, unchecked. Undefined when it is no JWT at all. */
export function readToken(token: string): TokenFacts | undefined {
  const [, payload, signature] = token.split(".");
  const claims = payload !== undefined && signature !== undefined ? decodeClaims(payload) : undefined;
  if (!claims) return undefined;
  const { sub, exp } = claims;
  return {
    user: typeof sub === "string" ? sub : "",
    expiresAt: typeof exp === "number" ? exp * 1_000 : undefined,
  };
}

/** One line about a token that a person has pasted. */
export function describeToken(token: string, now: number): string {
  if (token === "") return "Without a token you are anonymous, where the gateway allows that.";
  const facts = readToken(token);
  if (!facts) return "This is no JWT: three parts with dots between them.";
  const user = facts.user === "" ? "no user" : `user “${facts.user}”`;
  if (facts.expiresAt === undefined) return `A JWT for ${user} that does not expire.`;
  const time = new Date(facts.expiresAt).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
  return `A JWT for ${user}, ${facts.expiresAt <= now ? "expired since" : "good until"} ${time}.`;
}

function decodeClaims(payload: string): Record<string, unknown> | undefined {
  try {
    const binary = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
