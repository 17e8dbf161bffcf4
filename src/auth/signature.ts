import {
  base64url,
  type CompactJWSHeaderParameters,
  compactVerify,
  decodeProtectedHeader,
  errors,
} from "jose";
import { isFields } from "../protocol/json/fields.ts";
import { fromUtf8 } from "../shared/encodings.ts";
import { TOKEN_LIMITS } from "../shared/limits.ts";
import { type JsonObject, parseJson } from "./json.ts";
import { KeysUnavailable } from "./jwks.ts";
import type { Keyring } from "./keys.ts";

/** What became of opening a token. `why` is for the log only. */
export type Opened =
  | { kind: "valid"; claims: JsonObject }
  | { kind: "invalid"; why: string }
  | { kind: "unavailable"; why: string };

const ALGORITHMS = new Set([
  ...["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512"],
  ...["EdDSA", "Ed25519"],
]);

/** Checks the form and the signature of a token. What its claims say is checked elsewhere. */
export async function openToken(token: string, keyring: Keyring, now: Date): Promise<Opened> {
  if (keyring.isEmpty) return invalid("no key is configured");
  if (token.length > TOKEN_LIMITS.length) return invalid("the token is too long");
  const header = headerOf(token);
  if (header === undefined) return invalid("the token is malformed");
  if (!ALGORITHMS.has(header.alg)) return invalid("the algorithm is not accepted");
  if (header.crit !== undefined) return invalid("the header has critical extensions");
  try {
    const payload = await verifiedPayload(token, header, keyring, now);
    return payload === undefined ? invalid("no key verifies the signature") : parsePayload(payload);
  } catch (error) {
    if (error instanceof KeysUnavailable) return { kind: "unavailable", why: error.message };
    throw error;
  }
}

function headerOf(token: string): CompactJWSHeaderParameters | undefined {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return undefined;
  try {
    if (!isCanonical(token.slice(token.lastIndexOf(".") + 1))) return undefined;
    const header = decodeProtectedHeader(token);
    return typeof header.alg === "string" ? { ...header, alg: header.alg } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a base64 text is the only spelling of its bytes: decoders ignore its last bits, so one token could be written
 * in several ways.
 */
function isCanonical(text: string): boolean {
  return base64url.encode(base64url.decode(text)) === text;
}

async function verifiedPayload(
  token: string,
  header: CompactJWSHeaderParameters,
  keyring: Keyring,
  now: Date,
): Promise<Uint8Array | undefined> {
  for await (const key of keyring.candidates(header, now)) {
    const payload = await payloadSignedWith(key, token, header.alg);
    if (payload !== undefined) return payload;
  }
  return undefined;
}

async function payloadSignedWith(
  key: CryptoKey,
  token: string,
  alg: string,
): Promise<Uint8Array | undefined> {
  try {
    return (await compactVerify(token, key, { algorithms: [alg] })).payload;
  } catch (error) {
    // jose throws a TypeError for a key that is too weak or of another use than its set says.
    if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function parsePayload(payload: Uint8Array): Opened {
  try {
    const claims: unknown = parseJson(fromUtf8(payload));
    if (isFields(claims)) return { kind: "valid", claims };
  } catch {}
  return invalid("the claims are not a JSON object");
}

function invalid(why: string): Opened {
  return { kind: "invalid", why };
}
