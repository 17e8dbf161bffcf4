import { BinaryWriter, sizeDelimitedEncode } from "@bufbuild/protobuf/wire";
import { concatenate } from "../../shared/concatenate.ts";
import { HUB_LIMITS } from "../../shared/limits.ts";
import type { Bytes } from "../messages.ts";
import { Cursor } from "./cursor.ts";

/** A message with its length before it, as it stands in a frame. */
export const delimited = sizeDelimitedEncode as (...message: Parameters<typeof sizeDelimitedEncode>) => Bytes;

/** The messages of a frame, each with its length before it. Throws MalformedCommand where they are not all of it. */
export function splitFrame(frame: Bytes): Bytes[] {
  const messages: Bytes[] = [];
  const cursor = new Cursor(frame);
  while (cursor.position < frame.length) {
    const length = cursor.varint(frame.length);
    const start = cursor.position;
    cursor.skip(length, frame.length);
    messages.push(frame.subarray(start, cursor.position));
  }
  return messages;
}

/** Messages in one piece, each with its length before it. */
export function packMessages(messages: readonly Bytes[]): Bytes {
  const writer = new BinaryWriter();
  for (const message of messages) writer.bytes(message);
  return writer.finish() as Bytes;
}

/** As few frames as fit under the frame limit, of messages that have their lengths before them. A longer one stands alone. */
export function joinMessages(messages: readonly Bytes[]): readonly Bytes[] {
  if (messages.length === 1) return messages;
  const frames: Bytes[] = [];
  let start = 0;
  let length = 0;
  for (const [index, message] of messages.entries()) {
    if (index > start && length + message.length > HUB_LIMITS.frameLength) {
      frames.push(concatenate(messages.slice(start, index), length));
      start = index;
      length = 0;
    }
    length += message.length;
  }
  if (start < messages.length) frames.push(concatenate(messages.slice(start), length));
  return frames;
}
