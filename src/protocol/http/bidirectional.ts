import { DISCONNECTS, type ProtocolError } from "../../shared/codes.ts";
import type { Message } from "../../shared/payload-size.ts";
import type { Codec, Encoded } from "../codec.ts";
import { jsonCodec, PONG } from "../json/codec.ts";
import type { Bytes } from "../messages.ts";
import { protobufCodec } from "../protobuf/codec.ts";
import { splitFrame } from "../protobuf/frames.ts";
import type { LineFormat, StreamWriter } from "./writer.ts";

/** How the frames of a session are written, and the answer to a connect that is refused before there is a session. */
export interface SessionWriter extends StreamWriter {
  readonly codec: Codec;
  fail(id: number, error: ProtocolError): Encoded;
}

/** Writes the frames of a session that speaks JSON, and answers pings in place of the client. */
export function lineWriter(format: LineFormat): SessionWriter {
  const { contentType, opening, keepAlive } = format;
  return {
    codec: jsonCodec,
    contentType,
    opening,
    keepAlive,
    write(frame) {
      const text = asText(frame);
      if (text === PONG.response) return { text: "" };
      const isPing = hasPing(text, jsonCodec.ping);
      return { text: format.lines(text), answer: isPing ? PONG.request : undefined };
    },
    fail: (id, error) => format.lines(jsonCodec.encodeError(id, error)),
    end: (close) => format.lines(jsonCodec.encodePush({ kind: "disconnect", ...endOf(close) })),
  };
}

const NOTHING: Bytes = new Uint8Array(0);

/** Passes on the frames of a session that speaks Protobuf, for each message has its length before it, and answers pings. */
export const PROTOBUF: SessionWriter = {
  codec: protobufCodec,
  contentType: "application/octet-stream",
  opening: "",
  keepAlive: protobufCodec.ping,
  write(frame) {
    // The one text is what the runtime answers to a pong, which is text too: a binary one would wake the hub.
    if (typeof frame === "string") return { text: NOTHING };
    const messages = new Uint8Array(frame);
    const isPing = splitFrame(messages).some(({ length }) => length === 0);
    return { text: messages, answer: isPing ? PONG.request : undefined };
  },
  fail: protobufCodec.encodeError,
  end: (close) => protobufCodec.encodePush({ kind: "disconnect", ...endOf(close) }),
};

/** A ping may be alone, or among other lines. Left without an answer, it would end the session. */
export function hasPing(frame: string, ping: string): boolean {
  return (
    frame === ping ||
    frame.startsWith(`${ping}\n`) ||
    frame.endsWith(`\n${ping}`) ||
    frame.includes(`\n${ping}\n`)
  );
}

/**
 * What a client is told of a close: the codes of the protocol as they are. Any other one says that the hub was moved or
 * reset; a stream that ended without a word would send centrifuge-js on to its next transport.
 */
export function endOf({ code, reason }: { readonly code: number; readonly reason: string }): {
  readonly code: number;
  readonly reason: string;
} {
  return code >= 3000 && code < 5000 ? { code, reason } : DISCONNECTS.shutdown;
}

const decoder = new TextDecoder();

export function asText(frame: Message): string {
  return typeof frame === "string" ? frame : decoder.decode(frame);
}
