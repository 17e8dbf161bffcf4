import { DISCONNECTS } from "../../shared/codes.ts";
import type { Message } from "../../shared/payload-size.ts";
import type { Codec } from "../codec.ts";
import { jsonCodec } from "../json/codec.ts";
import type { LineFormat, StreamWriter } from "./writer.ts";

/** Writes the frames of a session as they are, and answers pings in place of the client. */
export function bidirectionalWriter(format: LineFormat, codec: Codec<string> = jsonCodec): StreamWriter {
  const { contentType, opening, keepAlive } = format;
  return {
    contentType,
    opening,
    keepAlive,
    write(frame) {
      const text = asText(frame);
      if (text === codec.pong?.response) return { text: "" };
      return {
        text: format.lines(text),
        answer: hasPing(text, codec.ping) ? codec.pong?.request : undefined,
      };
    },
    end: (close) => format.lines(codec.encodePush({ kind: "disconnect", ...endOf(close) })),
  };
}

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
