import { decodeClose, decodeFrame, OPCODE } from "../../src/websocket/frame.ts";

const NOTHING = Buffer.alloc(0);

/** Puts together the texts that a server sends. */
export class TextReader {
  /** The begin of a frame whose end is still to come. */
  #begin: Buffer = NOTHING;

  /**
   * Returns the texts that end in the first `count` bytes.
   *
   * @throws Error when the server closes.
   */
  read(bytes: Buffer, count: number): string[] {
    const texts: string[] = [];
    let rest = Buffer.concat([this.#begin, bytes.subarray(0, count)]);
    for (let decoded = decodeFrame(rest); decoded; decoded = decodeFrame(rest)) {
      const { opcode, payload } = decoded.frame;
      if (opcode === OPCODE.close)
        throw new Error(`the server has closed a socket: ${JSON.stringify(decodeClose(payload))}`);
      texts.push(Buffer.from(payload).toString());
      rest = rest.subarray(decoded.size);
    }
    this.#begin = rest;
    return texts;
  }
}
