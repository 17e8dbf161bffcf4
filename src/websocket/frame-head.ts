/** A frame's head as it stands on the wire: everything before the payload. */
export interface FrameHead {
  fin: boolean;
  rsv1: boolean;
  rsv2: boolean;
  rsv3: boolean;
  opcode: number;
  masked: boolean;
  /** The 7 bits after MASK: the length itself up to 125, else 126 or 127 to announce more bytes. */
  shortLength: number;
  length: number;
  keyStart: number;
  payloadStart: number;
}

export const KEY_BYTES = 4;
const SHORT_LENGTH_MAX = 125;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;

/** XOR with the key; masking and unmasking are the same operation. */
export function mask(payload: Uint8Array, key: Uint8Array): Uint8Array {
  return payload.map((byte, index) => byte ^ (key[index % KEY_BYTES] ?? 0));
}

/** The smallest length form that holds `length`, with the MASK bit left clear. */
export function encodeLength(length: number): Uint8Array {
  if (length <= SHORT_LENGTH_MAX) return Uint8Array.of(length);
  if (length <= 0xffff) return Uint8Array.of(LENGTH_IN_16_BITS, length >> 8, length & 0xff);
  const bytes = new Uint8Array(9);
  bytes[0] = LENGTH_IN_64_BITS;
  new DataView(bytes.buffer).setBigUint64(1, BigInt(length));
  return bytes;
}

function extendedLengthBytes(shortLength: number): number {
  if (shortLength <= SHORT_LENGTH_MAX) return 0;
  return shortLength === LENGTH_IN_16_BITS ? 2 : 8;
}

function decodeLength(bytes: Uint8Array, shortLength: number): number {
  if (shortLength <= SHORT_LENGTH_MAX) return shortLength;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (shortLength === LENGTH_IN_16_BITS) return view.getUint16(2);
  const length = view.getBigUint64(2);
  if (length > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError(`payload length ${length}`);
  return Number(length);
}

/**
 * Decodes a frame's head; undefined when more bytes are needed.
 *
 * @throws RangeError for a 64-bit length with the top bit set, or beyond 2^53 - 1.
 */
export function decodeFrameHead(bytes: Uint8Array): FrameHead | undefined {
  const [first, second] = bytes.subarray(0, 2);
  if (first === undefined || second === undefined) return undefined;
  const masked = (second & 0x80) !== 0;
  const shortLength = second & 0x7f;
  const keyStart = 2 + extendedLengthBytes(shortLength);
  if (bytes.length < keyStart) return undefined;
  const length = decodeLength(bytes, shortLength);
  const payloadStart = keyStart + (masked ? KEY_BYTES : 0);
  if (bytes.length < payloadStart) return undefined;
  return {
    fin: (first & 0x80) !== 0,
    rsv1: (first & 0x40) !== 0,
    rsv2: (first & 0x20) !== 0,
    rsv3: (first & 0x10) !== 0,
    opcode: first & 0x0f,
    masked,
    shortLength,
    length,
    keyStart,
    payloadStart,
  };
}
