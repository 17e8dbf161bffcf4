const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** @throws TypeError for bytes that are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** The bytes that are written in base64; throws for anything else. */
export function bytesOfBase64(encoded: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
}

/** The text whose UTF-8 is written in base64; throws for anything else. */
export function fromBase64(encoded: string): string {
  return fromUtf8(bytesOfBase64(encoded));
}

/** A text's UTF-8 in base64. */
export function toBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

/** Bytes in base64 for URLs, without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  const encoded = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return encoded.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The bytes that are written so. Throws for what is no base64. */
export function fromBase64Url(encoded: string): Uint8Array<ArrayBuffer> {
  const text = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
