import type { ProtocolError } from "../shared/codes.ts";
import type { Message } from "../shared/payload-size.ts";
import type { Bytes, Command, Push, Reply } from "./messages.ts";

/** What a codec makes of a reply or a push. Its `length` is in the codec's own unit: characters of text, or bytes. */
export type Encoded = string | Bytes;

/** A pong, and what the runtime answers to it so that the object sleeps on. Both are text. */
export interface Pong {
  readonly request: string;
  readonly response: string;
}

/** Turns frames into commands, and replies and pushes into frames. */
export interface Codec<Form extends Encoded = Encoded> {
  readonly ping: Form;
  /** What a client answers to a ping. Undefined: it wakes the object. */
  readonly pong: Pong | undefined;
  /** Whether its clients can be sent payloads that are no JSON. */
  readonly carriesBytes: boolean;
  /** The commands of one frame; undefined where anything in it cannot be read: the connection is closed with 3501. */
  decode(message: Message): Command[] | undefined;
  encodeReply(id: number, reply: Reply): Form;
  encodeError(id: number, error: ProtocolError): Form;
  encodePush(push: Push): Form;
  /** As few frames as fit under the frame limit. What is longer by itself stands alone. */
  join(encoded: readonly Form[]): readonly Form[];
}
