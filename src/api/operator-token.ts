import { fromBase64Url, toBase64Url, toUtf8 } from "../shared/encodings.ts";
import { OPERATOR_TOKEN_LIMITS } from "../shared/limits.ts";
import { rightsOf } from "./access.ts";
import type { ApiKey } from "./key-list.ts";
import type { Right } from "./rights.ts";

/** What `POST /api/operator_token` answers. */
export interface OperatorToken {
  readonly token: string;
  /** Unix seconds. */
  readonly expires_at: number;
  /** The name of the key. */
  readonly name: string;
  readonly rights: readonly Right[];
}

const HMAC = { name: "HMAC", hash: "SHA-256", length: 256 } as const;
const HKDF = {
  name: "HKDF",
  hash: "SHA-256",
  salt: new Uint8Array(),
  info: toUtf8("poorwill operator token"),
};
const TOKEN = /^v1\.([1-9]\d{0,11})\.([\w-]{43})$/;

/**
 * Makes a token that stands for the rights of a key for ten minutes: its expiry, and the proof that it was made with the key. It
 * is stored nowhere, and ends with the key. `now` is in milliseconds.
 */
export async function issueToken(key: ApiKey, now: number): Promise<OperatorToken> {
  const expires_at = Math.floor((now + OPERATOR_TOKEN_LIMITS.lifetime) / 1000);
  const proof = await crypto.subtle.sign(HMAC, await proofKey(key), toUtf8(signed(expires_at)));
  const token = `${signed(expires_at)}.${toBase64Url(new Uint8Array(proof))}`;
  return { token, expires_at, name: key.name, rights: rightsOf(key) };
}

/** When a token says that it ends, in Unix seconds; undefined for what has not the form of one. */
export function expiryOf(token: string): number | undefined {
  const [, expiry] = TOKEN.exec(token) ?? [];
  return expiry === undefined ? undefined : Number(expiry);
}

/** The key that a token was made with; undefined for a token that is forged, malformed or expired. */
export async function keyOfToken(
  token: string,
  keys: readonly ApiKey[],
  now: number,
): Promise<ApiKey | undefined> {
  const [, expiry, proof] = TOKEN.exec(token) ?? [];
  if (expiry === undefined || proof === undefined || Number(expiry) * 1000 <= now) return undefined;
  let found: ApiKey | undefined;
  // Every key is tried: the time that this takes tells nothing about which one it was.
  for (const key of keys) if (await isProof(key, Number(expiry), proof)) found = key;
  return found;
}

async function isProof(key: ApiKey, expiresAt: number, proof: string): Promise<boolean> {
  return crypto.subtle.verify(HMAC, await proofKey(key), fromBase64Url(proof), toUtf8(signed(expiresAt)));
}

/** What is signed. The version goes first, so that a later form is never taken for this one. */
function signed(expiresAt: number): string {
  return `v1.${expiresAt}`;
}

/** Derived from the key, so that a token can be held against a key and tells nothing of it. */
async function proofKey({ key }: ApiKey): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", toUtf8(key), "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(HKDF, material, HMAC, false, ["sign", "verify"]);
}
