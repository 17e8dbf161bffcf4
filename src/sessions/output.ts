import type { Encoded } from "../protocol/codec.ts";

/** What waits to be sent to one session. Lengths are in the unit of the session's codec. */
export class Output {
  length = 0;
  /** Of replies among it. */
  replyLength = 0;
  /** Of what no other session is sent. */
  ownLength = 0;
  #encoded: Encoded[] = [];

  add(encoded: Encoded): void {
    this.#encoded.push(encoded);
    this.length += encoded.length;
  }

  addOwn(encoded: Encoded): void {
    this.add(encoded);
    this.ownLength += encoded.length;
  }

  /** Takes all of it. */
  take(): readonly Encoded[] {
    const encoded = this.#encoded;
    this.#encoded = [];
    this.length = 0;
    this.replyLength = 0;
    this.ownLength = 0;
    return encoded;
  }
}
