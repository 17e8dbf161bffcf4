/**
 * What the library takes without a word: fields of another wire type than the schema's, messages that reach over the one
 * around them, varints without end (@bufbuild/protobuf 2.17). Other readers would make something else of such bytes.
 */
import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { WireType } from "@bufbuild/protobuf/wire";
import { MalformedCommand } from "../malformed.ts";
import type { Bytes } from "../messages.ts";
import { Cursor } from "./cursor.ts";

const FIELD_BITS = 3;
const KEY: Shape = new Map([[1, { wireType: WireType.LengthDelimited, shape: undefined }]]);

/** What fields a message has, by number. */
type Shape = ReadonlyMap<number, Field>;

interface Field {
  readonly wireType: WireType;
  /** Of a message in a field; undefined for a text, bytes or a number. */
  readonly shape: Shape | undefined;
}

const shapes = new WeakMap<DescMessage, Shape>();

/** Throws MalformedCommand unless these bytes are a message of this type. Unknown fields are passed over, groups are not. */
export function checkForm(type: DescMessage, bytes: Bytes): void {
  checkMessage(new Cursor(bytes), bytes.length, shapeOf(type));
}

function checkMessage(cursor: Cursor, end: number, shape: Shape): void {
  while (cursor.position < end) {
    const tag = cursor.varint(end);
    const field = shape.get(Math.floor(tag / 2 ** FIELD_BITS));
    const wireType = tag % 2 ** FIELD_BITS;
    if (field !== undefined && field.wireType !== wireType) throw new MalformedCommand("wire type");
    if (wireType === WireType.Varint) cursor.varint(end);
    else if (wireType === WireType.Bit64) cursor.skip(8, end);
    else if (wireType === WireType.Bit32) cursor.skip(4, end);
    else if (wireType === WireType.LengthDelimited) checkDelimited(cursor, end, field?.shape);
    else throw new MalformedCommand("group");
  }
}

function checkDelimited(cursor: Cursor, end: number, shape: Shape | undefined): void {
  const length = cursor.varint(end);
  const inner = cursor.position + length;
  if (shape === undefined || inner > end) cursor.skip(length, end);
  else checkMessage(cursor, inner, shape);
}

function shapeOf(type: DescMessage): Shape {
  const known = shapes.get(type);
  if (known !== undefined) return known;
  const shape: Shape = new Map(type.fields.map((field) => [field.number, fieldOf(field)]));
  shapes.set(type, shape);
  return shape;
}

/** The schema has neither fixed-size numbers nor lists of numbers. */
function fieldOf(field: DescField): Field {
  const isVarint =
    field.fieldKind === "scalar" && field.scalar !== ScalarType.STRING && field.scalar !== ScalarType.BYTES;
  return {
    wireType: isVarint ? WireType.Varint : WireType.LengthDelimited,
    shape: field.fieldKind === "map" ? entryOf(field.message) : field.message && shapeOf(field.message),
  };
}

/** An entry of a map is a message of its key, a text, and its value. */
function entryOf(value: DescMessage | undefined): Shape {
  const field = { wireType: WireType.LengthDelimited, shape: value && shapeOf(value) };
  return new Map([...KEY, [2, field]]);
}
