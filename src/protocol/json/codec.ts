import type { Codec, Pong } from "../codec.ts";
import { decodeCommands } from "./decode.ts";
import { encodeError, encodeReply } from "./encode.ts";
import { encodePush } from "./encode-pushes.ts";
import { joinLines } from "./lines.ts";

const decoder = new TextDecoder();

/**
 * The answer is a push that every SDK passes over. Not `{}`, which the SDKs answer again without end, nor `{"push":{}}`,
 * which centrifuge-python takes for a ping.
 */
export const PONG: Pong = { request: "{}", response: '{"push":{"channel":""}}' };

/** JSON objects, one on a line. */
export const jsonCodec: Codec<string> = {
  ping: "{}",
  pong: PONG,
  carriesBytes: false,
  decode: (message) => decodeCommands(typeof message === "string" ? message : decoder.decode(message)),
  encodeReply,
  encodeError,
  encodePush,
  join: joinLines,
};
