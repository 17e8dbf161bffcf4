import { type DescMessage, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import { MalformedCommand } from "../malformed.ts";
import type { Bytes } from "../messages.ts";
import { checkForm } from "./well-formed.ts";

/**
 * Reads a message that a client has written.
 *
 * @throws MalformedCommand for bytes that are none. Whatever the library throws is about the bytes: no field at a place of
 * its own, a text that is no UTF-8.
 */
export function parse<Type extends DescMessage>(type: Type, bytes: Bytes): MessageShape<Type> {
  checkForm(type, bytes);
  try {
    return fromBinary(type, bytes, { readUnknownFields: false });
  } catch (error) {
    throw new MalformedCommand("unreadable", { cause: error });
  }
}
