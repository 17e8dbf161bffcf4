import { fromBase64Url, fromUtf8, toBase64Url, toUtf8 } from "../../shared/encodings.ts";
import { HTTP_STREAM_LIMITS } from "../../shared/limits.ts";
import type { StreamPosition } from "../messages.ts";

/** How far a client is in each channel that it may recover. */
export type Positions = ReadonlyMap<string, StreamPosition>;

/** Where a client is that has lost its place: nothing is recovered from there, and it is told so. */
export const LOST: StreamPosition = { offset: 0, epoch: "_" };

/** Positions as the id of an event; "" where they are too long for one, which lets a client forget its last. */
export function encodeEventId(positions: Positions): string {
  const entries = Array.from(positions, ([channel, { offset, epoch }]) => [channel, offset, epoch]);
  if (entries.length === 0) return "";
  const id = toBase64Url(toUtf8(JSON.stringify(entries)));
  return id.length > HTTP_STREAM_LIMITS.eventId ? "" : id;
}

/** The positions that an id holds; undefined for what is no id of ours. */
export function decodeEventId(id: string): Positions | undefined {
  if (id.length > HTTP_STREAM_LIMITS.eventId) return undefined;
  try {
    const entries: unknown = JSON.parse(fromUtf8(fromBase64Url(id)));
    return Array.isArray(entries) && entries.every(isEntry)
      ? new Map(entries.map(([channel, offset, epoch]) => [channel, { offset, epoch }]))
      : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(entry: unknown): entry is [channel: string, offset: number, epoch: string] {
  if (!Array.isArray(entry) || entry.length !== 3) return false;
  const [channel, offset, epoch] = entry as readonly unknown[];
  return (
    typeof channel === "string" &&
    typeof epoch === "string" &&
    Number.isSafeInteger(offset) &&
    Number(offset) >= 0
  );
}
