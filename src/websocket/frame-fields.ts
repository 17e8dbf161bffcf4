import { decodeFrameHead, type FrameHead, mask } from "./frame-head.ts";

/** One field of a frame: the bytes it lies in (`end` excluded), its bits where it is not whole bytes. */
export interface FrameField {
  name: string;
  start: number;
  end: number;
  bits?: string;
  value: string;
}

const PREVIEW_BYTES = 64;

const OPCODE_NAMES = new Map([
  [0x0, "continuation"],
  [0x1, "text"],
  [0x2, "binary"],
  [0x8, "close"],
  [0x9, "ping"],
  [0xa, "pong"],
]);

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
const binary = (value: number, digits: number) => value.toString(2).padStart(digits, "0");

function flag(name: string, byte: number, isSet: boolean, meaning: string): FrameField {
  const bits = isSet ? "1" : "0";
  return { name, start: byte, end: byte + 1, bits, value: meaning };
}

function opcodeField(opcode: number): FrameField {
  const value = `${opcode} (${OPCODE_NAMES.get(opcode) ?? "reserved"})`;
  return { name: "opcode", start: 0, end: 1, bits: binary(opcode, 4), value };
}

function lengthFields(head: FrameHead): FrameField[] {
  const { shortLength, length, keyStart } = head;
  const extendedBytes = keyStart - 2;
  const value = extendedBytes === 0 ? `${length}` : `${shortLength} (the next ${extendedBytes} bytes tell)`;
  const short = { name: "payload length", start: 1, end: 2, bits: binary(shortLength, 7), value };
  if (extendedBytes === 0) return [short];
  const name = `payload length, ${extendedBytes * 8} bits`;
  return [short, { name, start: 2, end: keyStart, value: `${length}` }];
}

function preview(payload: Uint8Array, opcode: number): string {
  const head = payload.subarray(0, PREVIEW_BYTES);
  const ellipsis = payload.length > PREVIEW_BYTES ? " …" : "";
  const isText = OPCODE_NAMES.get(opcode) === "text";
  // A preview may end inside a character; a streaming decoder leaves its first bytes out.
  return (isText ? new TextDecoder().decode(head, { stream: true }) : hex(head)) + ellipsis;
}

function payloadField(bytes: Uint8Array, { keyStart, payloadStart, length, opcode, masked }: FrameHead) {
  const end = payloadStart + length;
  const shown = bytes.subarray(payloadStart, Math.min(end, payloadStart + PREVIEW_BYTES + 1));
  const payload = masked ? mask(shown, bytes.subarray(keyStart, payloadStart)) : shown;
  return { name: "payload", start: payloadStart, end, value: preview(payload, opcode) };
}

/**
 * Names every field of the frame at the start of `bytes`, in wire order, for a person to read. The
 * payload is shown unmasked: as text in a text frame, else in hex, and at most its first 64 bytes.
 *
 * @throws RangeError for bytes that hold no whole frame, or a length that `decodeFrame` refuses.
 * @example describeFrame(encodeFrame({ opcode: OPCODE.ping }))[0]; // { name: "FIN", bits: "1", … }
 */
export function describeFrame(bytes: Uint8Array): FrameField[] {
  const head = decodeFrameHead(bytes);
  if (!head || bytes.length < head.payloadStart + head.length) throw new RangeError("incomplete frame");
  const { fin, rsv1, rsv2, rsv3, opcode, masked, keyStart, payloadStart } = head;
  const fields = [
    flag("FIN", 0, fin, fin ? "last frame of its message" : "more frames follow"),
    flag("RSV1", 0, rsv1, rsv1 ? "compressed, where permessage-deflate was agreed" : "not compressed"),
    flag("RSV2", 0, rsv2, "reserved"),
    flag("RSV3", 0, rsv3, "reserved"),
    opcodeField(opcode),
    flag("MASK", 1, masked, masked ? "masked (a client sent it)" : "not masked (a server sent it)"),
    ...lengthFields(head),
  ];
  const key = { name: "masking key", start: keyStart, end: payloadStart };
  if (masked) fields.push({ ...key, value: hex(bytes.subarray(keyStart, payloadStart)) });
  return [...fields, payloadField(bytes, head)];
}
