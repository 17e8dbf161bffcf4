import type { CloseDefinition } from "../../shared/codes.ts";
import { HTTP_STREAM_LIMITS } from "../../shared/limits.ts";
import type { Message } from "../../shared/payload-size.ts";
import type { Encoded } from "../codec.ts";

/** What becomes of a frame. */
export interface Written {
  /** What goes into the stream; "" for nothing. */
  readonly text: Encoded;
  /** What the object is answered. */
  readonly answer?: string | undefined;
  /** Why the stream ends after it. */
  readonly end?: CloseDefinition | undefined;
}

/** How what an object sends is written into the body of a response. */
export interface StreamWriter {
  readonly contentType: string;
  /** Written at once: some proxies hold back the headers until the body begins. */
  readonly opening: string;
  /** Written after a long silence. */
  readonly keepAlive: Encoded;
  write(frame: Message): Written;
  /** What the object is sent after a long silence, so that it does not take the client for gone; undefined for nothing. */
  beat?(): string | undefined;
  /** The last words of a stream whose object has closed. */
  end(close: Pick<CloseDefinition, "code" | "reason">): Encoded;
}

/** How lines are written. */
export interface LineFormat extends Pick<StreamWriter, "contentType" | "opening"> {
  readonly keepAlive: string;
  /** Lines that are separated by "\n". */
  lines(lines: string): string;
  /** What stands before a line so that it has an id; undefined where lines have none. */
  readonly eventId?: (id: string) => string;
}

/** JSON, one on a line. Proxies that compress leave this type alone, and pass each line on at once. */
export const NDJSON: LineFormat = {
  contentType: "application/x-ndjson",
  opening: "",
  // Not an empty line: centrifuge-js throws at one (5.7.1).
  keepAlive: "{}\n",
  lines: (lines) => `${lines}\n`,
};

/** Server-Sent Events, one for each line. */
export const EVENTS = {
  contentType: "text/event-stream; charset=utf-8",
  opening: ":\n\n",
  keepAlive: ":\n\n",
  lines: (lines) => `data: ${lines.replaceAll("\n", "\n\ndata: ")}\n\n`,
} satisfies LineFormat;

/** The same, with ids by which an `EventSource` says how far it is when it comes back, a second after it was cut off. */
export const EVENTS_WITH_IDS: LineFormat = {
  ...EVENTS,
  opening: `retry: ${HTTP_STREAM_LIMITS.retry}\n\n`,
  eventId: (id) => `id: ${id}\n`,
};
