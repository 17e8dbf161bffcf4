const NEWLINE = 10;
const CLOSE = 8;
/** The bit of a head that says that the payload is compressed. */
const RSV1 = 0x40;
/** Bytes of a head that announces a length of 16 bits, and of one that announces 64 bits. */
const MEDIUM_HEAD = 4;
const LONG_HEAD = 10;

/** Counts what begins in the payload of frames, part by part. */
interface PartCounter {
  /** What a frame holds that has none of it inside. */
  readonly first: number;
  count(bytes: Uint8Array, start: number, end: number): number;
}

const NEWLINES: PartCounter = { first: 1, count: countNewlines };

/** Counts Protobuf messages by the lengths before them. */
class DelimitedMessages implements PartCounter {
  readonly first = 0;
  #left = 0;
  #length = 0;
  #shift = 0;

  count(bytes: Uint8Array, start: number, end: number): number {
    let count = 0;
    let at = start;
    while (at < end) {
      if (this.#left > 0) {
        const skipped = Math.min(this.#left, end - at);
        this.#left -= skipped;
        at += skipped;
      } else {
        const byte = bytes[at] ?? 0;
        this.#length += (byte & 0x7f) * 2 ** this.#shift;
        this.#shift = byte < 0x80 ? 0 : this.#shift + 7;
        at += 1;
        if (byte >= 0x80) continue;
        this.#left = this.#length;
        this.#length = 0;
        count += 1;
      }
    }
    return count;
  }
}

/** A counter of Protobuf messages. */
export function messageCounter(): LineCounter {
  return new LineCounter(new DelimitedMessages());
}

/**
 * Counts the lines in the frames that a server sends, without looking at what they say. A compressed frame is one line:
 * no server of the benchmark that compresses collects messages.
 */
export class LineCounter {
  /** Bytes of the head so far, and bytes that it will have. */
  #headBytes = 0;
  #headLength = 2;
  #length = 0;
  /** Bytes of the payload that are still to come. */
  #left = 0;
  #isCompressed = false;
  readonly #parts: PartCounter;

  constructor(parts = NEWLINES) {
    this.#parts = parts;
  }

  /**
   * Returns how many lines have begun in the first `end` bytes.
   *
   * @throws Error when the server closes.
   */
  count(bytes: Uint8Array, end: number): number {
    let lines = 0;
    let at = 0;
    while (at < end) {
      if (this.#left === 0) {
        if (this.#endsHead(bytes[at] ?? 0)) lines += this.#parts.first;
        at += 1;
      } else {
        const stop = Math.min(end, at + this.#left);
        if (!this.#isCompressed) lines += this.#parts.count(bytes, at, stop);
        this.#left -= stop - at;
        at = stop;
      }
    }
    return lines;
  }

  /** Takes one byte of a head. Returns whether a payload begins after it. */
  #endsHead(byte: number): boolean {
    if (this.#headBytes === 0 && (byte & 0x0f) === CLOSE) throw new Error("the server has closed a socket");
    if (this.#headBytes === 0) this.#isCompressed = (byte & RSV1) !== 0;
    if (this.#headBytes === 1) this.#takeLength(byte);
    else if (this.#headBytes > 1) this.#length = this.#length * 256 + byte;
    this.#headBytes += 1;
    if (this.#headBytes < this.#headLength) return false;
    this.#left = this.#length;
    this.#headBytes = 0;
    this.#headLength = 2;
    return this.#left > 0;
  }

  #takeLength(length: number): void {
    this.#length = length < 126 ? length : 0;
    if (length === 126) this.#headLength = MEDIUM_HEAD;
    if (length === 127) this.#headLength = LONG_HEAD;
  }
}

function countNewlines(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at += 1) if (bytes[at] === NEWLINE) count += 1;
  return count;
}
