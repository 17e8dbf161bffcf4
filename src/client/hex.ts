/** Bytes written in hexadecimal. */

/**
 * Reads hexadecimal bytes, with or without spaces, commas, colons or `0x` between them.
 *
 * @returns the bytes, or why the text is not hexadecimal.
 * @example parseHex("de ad be ef");
 */
export function parseHex(text: string): Uint8Array<ArrayBuffer> | { problem: string } {
  const digits = text.replace(/0x|[\s,:]/gi, "");
  const stray = digits.match(/[^0-9a-f]/i)?.[0];
  if (stray !== undefined) return { problem: `“${stray}” is not a hexadecimal digit.` };
  if (digits.length % 2 === 1) return { problem: "Two digits make a byte: one digit is missing." };
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Two digits per byte, a space between bytes. */
export function formatHex(bytes: Uint8Array): string {
  return Array.from(bytes, hexByte).join(" ");
}

export function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
