import type { Bytes, WirePublication } from "../../../src/protocol/messages.ts";
import { packMessages, splitFrame } from "../../../src/protocol/protobuf/frames.ts";
import { HUB_LIMITS } from "../../../src/shared/limits.ts";

/** Publications of a run that share a row, and how many come before them. */
interface Slice {
  readonly start: number;
  readonly publications: readonly WirePublication[];
}

/** Cuts a run into as few rows as hold it. */
export function cutIntoRows(publications: readonly WirePublication[]): Slice[] {
  const rows: Slice[] = [];
  let start = 0;
  let length = 0;
  for (const [index, publication] of publications.entries()) {
    if (index > start && !(fits(length, publication) && isAlike(publications[start], publication))) {
      rows.push({ start, publications: publications.slice(start, index) });
      start = index;
      length = 0;
    }
    length += publication.length + 1;
  }
  if (start < publications.length) rows.push({ start, publications: publications.slice(start) });
  return rows;
}

/** What a row holds: lines of text, or Protobuf messages with their lengths before them. */
export function packRow(publications: readonly WirePublication[]): string | ArrayBuffer {
  return publications.every(isText)
    ? publications.join("\n")
    : packMessages(publications.filter(isBytes)).buffer;
}

/** Reads what `packRow` has written. */
export function unpackRow(content: string | ArrayBuffer): WirePublication[] {
  if (typeof content === "string") return content.split("\n");
  // Each a copy: what a call to another hub carries of a part is all that the part is of.
  return splitFrame(new Uint8Array(content)).map((message) => message.slice());
}

function fits(length: number, next: WirePublication): boolean {
  return length + next.length < HUB_LIMITS.rowLength;
}

function isAlike(one: WirePublication | undefined, other: WirePublication): boolean {
  return typeof one === typeof other;
}

function isText(publication: WirePublication): publication is string {
  return typeof publication === "string";
}

function isBytes(publication: WirePublication): publication is Bytes {
  return typeof publication !== "string";
}
