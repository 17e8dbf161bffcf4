import { WireType } from "@bufbuild/protobuf/wire";
import { fromUtf8 } from "../../shared/encodings.ts";
import type { Bytes } from "../messages.ts";
import { Cursor } from "./cursor.ts";

/** The fields of an EmulationRequest. */
const FIELDS = { node: 1, session: 2, data: 3 } as const;
const FIELD_BITS = 3;

/** Reads an EmulationRequest: further commands of a session over HTTP. Undefined: it is none. */
export function decodeEmulation(
  bytes: Bytes,
): { readonly session: string; readonly node: string; readonly data: Bytes } | undefined {
  try {
    const fields = readFields(bytes);
    const textOf = (field: number) => fromUtf8(fields.get(field) ?? new Uint8Array());
    const data = fields.get(FIELDS.data) ?? new Uint8Array();
    return { session: textOf(FIELDS.session), node: textOf(FIELDS.node), data };
  } catch {
    return undefined;
  }
}

/** All of its fields are texts or bytes; no other field is expected, so none is passed over. */
function readFields(bytes: Bytes): ReadonlyMap<number, Bytes> {
  const fields = new Map<number, Bytes>();
  const cursor = new Cursor(bytes);
  while (cursor.position < bytes.length) {
    const tag = cursor.varint(bytes.length);
    if (tag % 2 ** FIELD_BITS !== WireType.LengthDelimited) throw new RangeError("wire type");
    const length = cursor.varint(bytes.length);
    const start = cursor.position;
    cursor.skip(length, bytes.length);
    fields.set(Math.floor(tag / 2 ** FIELD_BITS), bytes.subarray(start, cursor.position));
  }
  return fields;
}
