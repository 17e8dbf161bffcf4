import type { Codec } from "../codec.ts";
import type { Bytes } from "../messages.ts";
import { decodeCommands } from "./decode.ts";
import { encodeError, encodePush, encodeReply } from "./encode.ts";
import { joinMessages } from "./frames.ts";

/** An empty message: its length, 0, and nothing else. */
const PING: Bytes = new Uint8Array([0]);

/** Protobuf messages, each with its length before it, in binary frames. */
export const protobufCodec: Codec<Bytes> = {
  ping: PING,
  // The runtime answers text by itself, but no binary frame.
  pong: undefined,
  carriesBytes: true,
  decode: (message) => (typeof message === "string" ? undefined : decodeCommands(new Uint8Array(message))),
  encodeReply,
  encodeError,
  encodePush,
  join: joinMessages,
};
