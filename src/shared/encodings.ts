const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** @throws TypeError for bytes that are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

const encoder = new TextEncoder();

/** A text's UTF-8. */
export function toUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text) as Uint8Array<ArrayBuffer>;
}

/** The text whose UTF-8 is written in base64; throws for anything else. */
export function fromBase64(encoded: string): string {
  return fromUtf8(bytesOfBase64(encoded));
}

/** The bytes that are written in base64; throws for anything else. */
export function bytesOfBase64(encoded: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
}

/** Bytes, or a text's UTF-8, in base64. */
export function toBase64(payload: string | Uint8Array<ArrayBuffer>): string {
  const bytes = typeof payload === "string" ? toUtf8(payload) : payload;
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Bytes in base64 for URLs, without padding. */
export function toBase64Url(bytes: Uint8Array<ArrayBuffer>): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The bytes that are written so. Throws for what is no base64. */
export function fromBase64Url(encoded: string): Uint8Array<ArrayBuffer> {
  return bytesOfBase64(encoded.replaceAll("-", "+").replaceAll("_", "/"));
}
