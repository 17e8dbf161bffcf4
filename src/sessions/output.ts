import type { Encoded } from "../protocol/codec.ts";

/** What waits to be sent to one session. Lengths are in the unit of the session's codec. */
export class Output {
  readonly encoded: Encoded[] = [];
  length = 0;
  /** Of replies among it. */
  replyLength = 0;
  /** Of what no other session is sent. */
  ownLength = 0;

  add(encoded: Encoded): void {
    this.encoded.push(encoded);
    this.length += encoded.length;
  }

  addOwn(encoded: Encoded, isReply: boolean): void {
    this.add(encoded);
    this.ownLength += encoded.length;
    if (isReply) this.replyLength += encoded.length;
  }
}
