const NEWLINE = 10;
const CLOSE = 8;
/** Bytes of a head that announces a length of 16 bits, and of one that announces 64 bits. */
const MEDIUM_HEAD = 4;
const LONG_HEAD = 10;
/** Characters that are kept of both ends of a line. */
const KEPT = 200;

/** A line of a frame: what it begins and ends with, and how long it is. */
export interface Line {
  readonly start: string;
  readonly end: string;
  readonly length: number;
}

/** What is told of a server's frames. */
export interface LineEvents {
  line(line: Line): void;
  close(code: number): void;
}

/** Reads the lines in the frames that a server sends, of long ones only the ends: a client of many cannot afford more. */
export class LineReader {
  readonly #events: LineEvents;
  #opcode = 0;
  #headBytes = 0;
  #headLength = 2;
  #length = 0;
  /** Bytes of the payload that are still to come. */
  #left = 0;
  #start = "";
  #end = "";
  #lineLength = 0;

  constructor(events: LineEvents) {
    this.#events = events;
  }

  read(bytes: Buffer, count: number): void {
    let at = 0;
    while (at < count) {
      if (this.#left === 0) {
        this.#takeHead(bytes[at] ?? 0);
        at += 1;
        continue;
      }
      const stop = Math.min(count, at + this.#left);
      this.#takePayload(bytes.subarray(at, stop));
      this.#left -= stop - at;
      at = stop;
      if (this.#left === 0) this.#endFrame();
    }
  }

  #takeHead(byte: number): void {
    if (this.#headBytes === 0) this.#opcode = byte & 0x0f;
    else if (this.#headBytes === 1) this.#takeLength(byte);
    else this.#length = this.#length * 256 + byte;
    this.#headBytes += 1;
    if (this.#headBytes < this.#headLength) return;
    this.#left = this.#length;
    this.#headBytes = 0;
    this.#headLength = 2;
  }

  #takeLength(length: number): void {
    this.#length = length < 126 ? length : 0;
    if (length === 126) this.#headLength = MEDIUM_HEAD;
    if (length === 127) this.#headLength = LONG_HEAD;
  }

  #takePayload(bytes: Buffer): void {
    let at = 0;
    if (this.#opcode !== CLOSE) {
      for (let newline = bytes.indexOf(NEWLINE); newline >= 0; newline = bytes.indexOf(NEWLINE, at)) {
        this.#takePart(bytes, at, newline);
        this.#endLine();
        at = newline + 1;
      }
    }
    this.#takePart(bytes, at, bytes.length);
  }

  #takePart(bytes: Buffer, start: number, end: number): void {
    const room = KEPT - this.#start.length;
    if (room > 0) this.#start += bytes.toString("latin1", start, Math.min(end, start + room));
    this.#end = (this.#end + bytes.toString("latin1", Math.max(start, end - KEPT), end)).slice(-KEPT);
    this.#lineLength += end - start;
  }

  #endFrame(): void {
    if (this.#opcode === CLOSE)
      this.#events.close(this.#start.charCodeAt(0) * 256 + this.#start.charCodeAt(1));
    else this.#endLine();
    this.#start = "";
    this.#end = "";
    this.#lineLength = 0;
  }

  #endLine(): void {
    this.#events.line({ start: this.#start, end: this.#end, length: this.#lineLength });
    this.#start = "";
    this.#end = "";
    this.#lineLength = 0;
  }
}
