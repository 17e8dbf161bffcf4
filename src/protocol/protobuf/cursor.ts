import { MalformedCommand } from "../malformed.ts";
import type { Bytes } from "../messages.ts";

/** A 64-bit number has at most ten groups of seven bits. */
const VARINT_BYTES = 10;

/** A place in bytes that somebody else has written. Its methods throw MalformedCommand where they would read past `end`. */
export class Cursor {
  position = 0;
  readonly #bytes: Bytes;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  skip(length: number, end: number): void {
    this.position += length;
    if (this.position > end) throw new MalformedCommand("truncated");
  }

  /** Of a number of 64 bits, the lower bits are lost: only lengths and tags are looked at, and those are small or wrong. */
  varint(end: number): number {
    let value = 0;
    for (let count = 0; count < VARINT_BYTES; count += 1) {
      if (this.position >= end) throw new MalformedCommand("truncated");
      const byte = this.#bytes[this.position] ?? 0;
      this.position += 1;
      value += (byte & 0x7f) * 2 ** (7 * count);
      if (byte < 0x80) return value;
    }
    throw new MalformedCommand("varint");
  }
}
