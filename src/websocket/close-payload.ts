/** Bytes of a reason at most: a control frame holds 125, of which two are the code (RFC 6455, 5.5). */
export const REASON_BYTES = 123;

/** What a close frame says; `code` is undefined when its payload is empty. */
export interface Close {
  code: number | undefined;
  reason: string;
}

/**
 * The payload of a close frame; empty without a code. Whether the code may be sent is not judged.
 *
 * @throws RangeError for a code beyond 16 bits, or a reason over 123 bytes of UTF-8.
 * @example encodeFrame({ opcode: OPCODE.close, payload: encodeClose(1000, "bye") });
 */
export function encodeClose(code?: number, reason = ""): Uint8Array {
  if (code === undefined) return new Uint8Array();
  if (!Number.isInteger(code) || code < 0 || code > 0xffff) throw new RangeError(`close code ${code}`);
  const text = new TextEncoder().encode(reason);
  if (text.length > REASON_BYTES) throw new RangeError(`close reason of ${text.length} bytes`);
  return Uint8Array.of(code >> 8, code & 0xff, ...text);
}

/**
 * Reads the payload of a close frame.
 *
 * @throws RangeError for a payload of one byte; TypeError for a reason that is not UTF-8.
 */
export function decodeClose(payload: Uint8Array): Close {
  const [high, low] = payload;
  if (high === undefined) return { code: undefined, reason: "" };
  if (low === undefined) throw new RangeError("close payload of 1 byte");
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return { code: (high << 8) | low, reason: decoder.decode(payload.subarray(2)) };
}
