/** Frames as they must have crossed the wire: browsers do not show them, so they are built again. */

import { encodeFrame, OPCODE } from "../websocket/frame.ts";
import { type Entry, type EntryType, payloadBytes } from "./message.ts";

const OPCODES: Readonly<Partial<Record<EntryType, number>>> = {
  text: OPCODE.text,
  binary: OPCODE.binary,
  close: OPCODE.close,
};

/**
 * The frame that carried this entry, or nothing when none did. What a client sends is masked, what it receives is not.
 *
 * @param maskingKey 4 bytes that stand for the key that only the browser knew.
 */
export function rebuildFrame(
  { type, direction, data }: Pick<Entry, "type" | "direction" | "data">,
  maskingKey: Uint8Array,
): Uint8Array | undefined {
  const opcode = OPCODES[type];
  if (opcode === undefined || direction === "note") return undefined;
  const payload = payloadBytes(data);
  return encodeFrame(direction === "sent" ? { opcode, payload, maskingKey } : { opcode, payload });
}

/** Bytes of a frame that are not payload. */
export function frameOverhead(frame: Uint8Array, { size }: Pick<Entry, "size">): number {
  return frame.length - size;
}
