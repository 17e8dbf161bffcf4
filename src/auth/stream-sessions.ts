import { fromBase64Url, toBase64Url, toUtf8 } from "../shared/encodings.ts";

const HMAC = { name: "HMAC", hash: "SHA-256" };
const SESSION = /^([\w-]{22})\.([\w-]{43})$/;
const ID_BYTES = 16;

/** The key that vouches for sessions: the same in every isolate of a deployment that has these secrets. */
export function sessionKey(secrets: readonly (string | undefined)[]): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", toUtf8(JSON.stringify(secrets)), HMAC, false, ["sign", "verify"]);
}

/**
 * A secret name for a session of an HTTP stream, by which the commands of its client find it: random bytes, and the proof
 * that it was made for this hub.
 */
export async function createSession(key: CryptoKey, hub: string): Promise<string> {
  const id = toBase64Url(crypto.getRandomValues(new Uint8Array(ID_BYTES)));
  const proof = await crypto.subtle.sign(HMAC, key, toUtf8(`${id}.${hub}`));
  return `${id}.${toBase64Url(new Uint8Array(proof))}`;
}

/** Whether a session was made for this hub, with this key. Needs nothing but both, so an invented hub is never asked. */
export async function isSessionOf(key: CryptoKey, session: string, hub: string): Promise<boolean> {
  const [, id, proof] = SESSION.exec(session) ?? [];
  if (id === undefined || proof === undefined) return false;
  return crypto.subtle.verify(HMAC, key, fromBase64Url(proof), toUtf8(`${id}.${hub}`));
}
