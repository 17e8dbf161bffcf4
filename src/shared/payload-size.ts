/** A message as a client sent it: text stays a string, binary stays bytes. */
export type Message = string | ArrayBuffer;

/** A message to a client. A string is sent as text, anything else as binary. */
export type Payload = string | ArrayBuffer | ArrayBufferView<ArrayBuffer>;

/** A payload as a message that can be sent to another object: a view becomes the bytes that it shows. */
export function messageOf(payload: Payload): Message {
  if (!ArrayBuffer.isView(payload)) return payload;
  return payload.buffer.slice(payload.byteOffset, payload.byteOffset + payload.byteLength);
}

const encoder = new TextEncoder();
const SHORT = 256;

/** Characters of a text, or bytes. */
export function lengthOf(message: Message): number {
  return typeof message === "string" ? message.length : message.byteLength;
}

/** The bytes that a message takes on the wire, without its frame. */
export function payloadBytes(payload: Payload): number {
  return typeof payload === "string" ? textBytes(payload) : payload.byteLength;
}

/**
 * A payload whose text has a UTF-8 form. Half of a surrogate pair, as `slice` leaves it of an emoji, becomes U+FFFD: the
 * runtime would send broken UTF-8, for which every client ends the connection (workerd 1.20261117.1).
 */
export function wellFormed<Any extends Payload>(payload: Any): Any | string {
  return typeof payload === "string" ? payload.toWellFormed() : payload;
}

/** Whether a message is over `limit` bytes; for most texts, their length alone tells. */
export function exceeds(limit: number, message: Message): boolean {
  if (typeof message !== "string") return message.byteLength > limit;
  if (message.length > limit) return true;
  return message.length * 3 > limit && textBytes(message) > limit;
}

function textBytes(text: string): number {
  if (text.length > SHORT) return encoder.encode(text).byteLength;
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) return encoder.encode(text).byteLength;
  }
  return text.length;
}
