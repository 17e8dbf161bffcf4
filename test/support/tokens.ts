import { base64url, SignJWT } from "jose";
import { expect } from "vitest";
import { createTokenVerifier, type TokenConfig } from "../../src/auth/tokens.ts";

export const SECRET = "the secret of the test, long enough";
export const NOW = new Date("2026-11-23T12:00:00Z");
export const SECONDS = NOW.getTime() / 1000;
export const HMAC: TokenConfig = { hmacSecret: SECRET };

export type Claims = Record<string, unknown>;
type SigningKey = CryptoKey | Uint8Array;

export const bytes = (text: string) => new TextEncoder().encode(text);

/** Signs claims as they are, also those that no issuer should write. */
export function sign(
  claims: Claims,
  key: SigningKey = bytes(SECRET),
  header: Claims & { alg?: string } = {},
) {
  return new SignJWT(claims).setProtectedHeader({ alg: "HS256", ...header }).sign(key);
}

/** A token with any header, and a signature that nobody made. */
export function unsigned(header: Claims, claims: Claims, signature = ""): string {
  const part = (value: Claims) => base64url.encode(JSON.stringify(value));
  return `${part(header)}.${part(claims)}.${signature}`;
}

/** What becomes of a connection token with these claims, at `NOW`. */
export async function connect(claims: Claims, config: TokenConfig = HMAC) {
  return createTokenVerifier(config).connection(await sign(claims), NOW);
}

/** What becomes of a subscription token with these claims, at `NOW`. */
export async function subscribe(claims: Claims, config: TokenConfig = HMAC) {
  return createTokenVerifier(config).subscription(await sign(claims), NOW);
}

export const connected = (claims: Claims) => ({ kind: "valid", claims: expect.objectContaining(claims) });
export const invalid = (why: string) => ({ kind: "invalid", why: expect.stringContaining(why) });
