import { decodeFrameHead, encodeLength, KEY_BYTES, mask } from "./frame-head.ts";

export { type Close, decodeClose, encodeClose } from "./close-payload.ts";
export { describeFrame, type FrameField } from "./frame-fields.ts";

/** One frame of RFC 6455, section 5.2; `payload` is unmasked, whatever crosses the wire. */
export interface Frame {
  fin: boolean;
  rsv1: boolean;
  rsv2: boolean;
  rsv3: boolean;
  opcode: number;
  maskingKey: Uint8Array | undefined;
  payload: Uint8Array;
}

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

function encodeFirstByte({ fin = true, rsv1, rsv2, rsv3, opcode }: Partial<Frame> & { opcode: number }) {
  const flags = (fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | (rsv2 ? 0x20 : 0) | (rsv3 ? 0x10 : 0);
  return flags | opcode;
}

/**
 * Encodes one frame. `fin` is true and the payload empty unless given; a `maskingKey` of 4 bytes masks
 * the payload. Nothing else is judged, so that a test can send what the RFC forbids.
 *
 * @throws RangeError for an opcode beyond 4 bits, or a masking key that is not 4 bytes long.
 * @example encodeFrame({ opcode: OPCODE.text, payload: new TextEncoder().encode("hello") });
 */
export function encodeFrame(frame: Partial<Frame> & { opcode: number }): Uint8Array {
  const { opcode, maskingKey, payload = new Uint8Array() } = frame;
  if (!Number.isInteger(opcode) || opcode < 0 || opcode > 15) throw new RangeError(`opcode ${opcode}`);
  if (maskingKey && maskingKey.length !== KEY_BYTES) {
    throw new RangeError(`masking key of ${maskingKey.length} bytes`);
  }
  const length = encodeLength(payload.length);
  const keyStart = 1 + length.length;
  const payloadStart = keyStart + (maskingKey?.length ?? 0);
  const bytes = new Uint8Array(payloadStart + payload.length);
  bytes[0] = encodeFirstByte(frame);
  bytes.set(length, 1);
  if (maskingKey) {
    bytes[1] = (bytes[1] ?? 0) | 0x80;
    bytes.set(maskingKey, keyStart);
  }
  bytes.set(maskingKey ? mask(payload, maskingKey) : payload, payloadStart);
  return bytes;
}

/**
 * Decodes the frame at the start of `bytes`, and says how many bytes it took; undefined when more bytes
 * are needed. The frame shares no memory with `bytes`.
 *
 * @throws RangeError for a 64-bit length with the top bit set, or beyond 2^53 - 1.
 * @example
 * const decoded = decodeFrame(received);
 * if (decoded) received = received.subarray(decoded.size);
 */
export function decodeFrame(bytes: Uint8Array): { frame: Frame; size: number } | undefined {
  const head = decodeFrameHead(bytes);
  if (!head) return undefined;
  const { fin, rsv1, rsv2, rsv3, opcode, masked, length, keyStart, payloadStart } = head;
  const size = payloadStart + length;
  if (bytes.length < size) return undefined;
  // `slice` would not copy a Node.js Buffer: https://nodejs.org/api/buffer.html#bufslicestart-end
  const maskingKey = masked ? new Uint8Array(bytes.subarray(keyStart, payloadStart)) : undefined;
  const sent = new Uint8Array(bytes.subarray(payloadStart, size));
  const payload = maskingKey ? mask(sent, maskingKey) : sent;
  return { frame: { fin, rsv1, rsv2, rsv3, opcode, maskingKey, payload }, size };
}
