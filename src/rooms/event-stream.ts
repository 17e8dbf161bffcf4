import type { StreamWriter, Written } from "../protocol/http/writer.ts";
import { EVENTS } from "../protocol/http/writer.ts";
import { toBase64 } from "../shared/encodings.ts";
import { HTTP_STREAM_LIMITS } from "../shared/limits.ts";
import type { Message } from "../shared/payload-size.ts";
import type { Heartbeat } from "./handler.ts";

const LINE_BREAK = /\r\n|\r|\n/g;

/**
 * Writes what a room sends as Server-Sent Events: a text as `data`, each of its lines on a line; bytes in base64, as an event
 * `binary`; the end as an event `close`.
 */
export class RoomEventStream implements StreamWriter {
  readonly contentType = EVENTS.contentType;
  readonly opening = `retry: ${HTTP_STREAM_LIMITS.retry}\n\n`;
  readonly keepAlive = EVENTS.keepAlive;
  readonly #heartbeat: Heartbeat | undefined;
  /** Heartbeats that the runtime has not answered yet. */
  #beats = 0;

  constructor(heartbeat: Heartbeat | undefined) {
    this.#heartbeat = heartbeat;
  }

  write(message: Message): Written {
    if (typeof message !== "string")
      return { text: `event: binary\n${data(toBase64(new Uint8Array(message)))}\n\n` };
    if (this.#beats === 0 || message !== this.#heartbeat?.response) return { text: `${data(message)}\n\n` };
    this.#beats -= 1;
    return { text: "" };
  }

  beat(): string | undefined {
    if (this.#heartbeat) this.#beats += 1;
    return this.#heartbeat?.request;
  }

  end({ code, reason }: { readonly code: number; readonly reason: string }): string {
    return `event: close\n${data(JSON.stringify({ code, reason }))}\n\n`;
  }
}

function data(text: string): string {
  return text
    .split(LINE_BREAK)
    .map((line) => `data: ${line}`)
    .join("\n");
}
