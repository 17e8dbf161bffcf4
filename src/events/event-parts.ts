import type { BackendEvent } from "../channels/backend-event.ts";
import { EVENT_LIMITS } from "../shared/limits.ts";

/** Splits events into parts, each of which is one queue message or request. */
export function partsOf(events: readonly BackendEvent[]): BackendEvent[][] {
  const parts: BackendEvent[][] = [];
  let length = 0;
  for (const event of events) {
    const size = JSON.stringify(event).length;
    const part = parts.at(-1);
    if (part && part.length < EVENT_LIMITS.batch && length + size <= EVENT_LIMITS.batchLength) {
      part.push(event);
      length += size;
    } else {
      parts.push([event]);
      length = size;
    }
  }
  return parts;
}

/** As many of the oldest parts as go into one delivery; at least one. */
export function firstFitting<Part extends { readonly count: number; readonly events: string }>(
  parts: readonly Part[],
): Part[] {
  const fitting: Part[] = [];
  let count = 0;
  let length = 0;
  for (const part of parts) {
    count += part.count;
    length += part.events.length;
    if (fitting.length > 0 && (count > EVENT_LIMITS.batch || length > EVENT_LIMITS.batchLength)) break;
    fitting.push(part);
  }
  return fitting;
}
