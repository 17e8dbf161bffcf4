/** What the log holds, and how it is written out. */

import { formatHex } from "./hex.ts";

/** `note` marks what the page itself has to say: nothing that crossed the wire. */
export type Direction = "sent" | "received" | "note";

export type EntryType = "text" | "binary" | "close" | "open" | "error" | "info";

/** Text, or the bytes of anything else. */
export type MessageData = string | Uint8Array<ArrayBuffer>;

/** The connection that a message crossed. */
export interface Route {
  readonly url: string;
  /** What was negotiated, such as `permessage-deflate`. */
  readonly extensions: string;
}

export interface Message {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly direction: Direction;
  readonly type: EntryType;
  readonly data: MessageData;
  readonly route: Route;
  /** What to show in one line, when it is not simply the beginning of the data. */
  readonly summary?: string;
  /** What to call it, when its type does not say enough. */
  readonly label?: string;
}

export interface Entry extends Message {
  readonly id: number;
  /** Bytes of payload. */
  readonly size: number;
  readonly preview: string;
}

const encoder = new TextEncoder();
const PREVIEW_CHARACTERS = 400;
const PREVIEW_BYTES = 48;

export function toEntry(id: number, message: Message): Entry {
  return {
    ...message,
    id,
    size: payloadBytes(message.data).length,
    preview: message.summary ?? previewOf(message.data),
  };
}

export function payloadBytes(data: MessageData): Uint8Array<ArrayBuffer> {
  return typeof data === "string" ? encoder.encode(data) : data;
}

function previewOf(data: MessageData): string {
  if (typeof data === "string") return data.slice(0, PREVIEW_CHARACTERS).replaceAll(/[^\S\ufeff]+/g, " ");
  const bytes = formatHex(data.subarray(0, PREVIEW_BYTES));
  return data.length > PREVIEW_BYTES ? `${bytes} …` : bytes;
}

/** Local time with milliseconds: `14:05:09.123`. */
export function formatTime(time: number): string {
  const date = new Date(time);
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) =>
    String(part).padStart(2, "0"),
  );
  return `${hours}:${minutes}:${seconds}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** `17 B`, `1.5 KB`, `32 MB`; a KB is 1024 bytes. */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const [value, unit] = bytes < 1024 ** 2 ? [bytes / 1024, "KB"] : [bytes / 1024 ** 2, "MB"];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** Which entry of the log it is: `received 14:05:09.123`. */
export function describeOrigin({ direction, time }: Message): string {
  return `${direction} ${formatTime(time)}`;
}

/** What to say in place of a frame: a note of the page has none. */
export function describeNote({ data }: Message): string {
  return `“${data}” is a note of this page: nothing crossed the wire.`;
}

/** One line for the clipboard: time, direction, type, bytes and content, with tabs between them. */
export function formatLine({ time, direction, type, label = type, size, data, summary }: Entry): string {
  const content = summary ?? (typeof data === "string" ? data : formatHex(data));
  return [new Date(time).toISOString(), direction, label, size, content].join("\t");
}
