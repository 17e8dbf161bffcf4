/**
 * Signs what the gateway sends to a backend, and verifies it there. Needs nothing but Web Crypto, so a receiver in
 * Node, Deno, Bun or a Worker can import this file as it is.
 */

/** The name of the header that holds the signature: `t=<unix seconds>,v1=<hexadecimal HMAC-SHA256 of "<t>.<body>">`. */
export const SIGNATURE_HEADER = "X-Poorwill-Signature";

/** Seconds by which the time of a signature may differ from the receiver's clock. */
const TOLERANCE = 300;

const HMAC = { name: "HMAC", hash: "SHA-256" };
const TIME = /^t=(\d{1,12})$/;
const CODE = /^v1=([0-9a-f]{64})$/;

/** How a signature is verified. Times are in seconds. */
export interface VerifyOptions {
  /** How old, or how far ahead, a signature may be. Default 300. */
  readonly tolerance?: number;
  /** Unix seconds; the present unless given. */
  readonly now?: number;
}

/**
 * Signs a body.
 *
 * @param now Unix seconds; the present unless given.
 * @returns The value of the header `X-Poorwill-Signature`.
 * @example
 * await sign('{"events":[]}', secret); // "t=1795440000,v1=5f0c..."
 */
export async function sign(body: string, secret: string, now = unixSeconds()): Promise<string> {
  const code = await crypto.subtle.sign("HMAC", await keyOf(secret, "sign"), signed(now, body));
  return `t=${now},v1=${toHex(new Uint8Array(code))}`;
}

/**
 * Verifies, in constant time, that a body comes from the gateway and was sent a moment ago. Never throws.
 *
 * @param header The value of `X-Poorwill-Signature`; null or undefined is no signature.
 * @param body The body exactly as it was received, before any parsing.
 * @returns Whether the body comes from the gateway and is recent.
 * @example
 * const body = await request.text();
 * if (!(await verify(request.headers.get("X-Poorwill-Signature"), body, secret))) return new Response(null, { status: 401 });
 */
export async function verify(
  header: string | null | undefined,
  body: string,
  secret: string,
  { tolerance = TOLERANCE, now = unixSeconds() }: VerifyOptions = {},
): Promise<boolean> {
  const [first = "", second = "", ...rest] = (header ?? "").split(",");
  const time = TIME.exec(first)?.[1];
  const code = CODE.exec(second)?.[1];
  if (time === undefined || code === undefined || rest.length > 0) return false;
  if (Math.abs(now - Number(time)) > tolerance) return false;
  return crypto.subtle.verify("HMAC", await keyOf(secret, "verify"), fromHex(code), signed(time, body));
}

function keyOf(secret: string, use: "sign" | "verify"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", new TextEncoder().encode(secret), HMAC, false, [use]);
}

function signed(time: number | string, body: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(`${time}.${body}`));
}

function unixSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array((text.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)));
}
