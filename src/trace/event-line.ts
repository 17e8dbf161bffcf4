import { jsonOfBytes } from "../protocol/json/payload.ts";
import { toBase64 } from "../shared/encodings.ts";
import { TRACE_LIMITS } from "../shared/limits.ts";
import type { TraceEvent } from "./messages.ts";

/** An event as a line of JSON. A payload is JSON text, which is passed on as it is where it fits, or bytes. */
export function eventLine(event: Omit<TraceEvent, "line" | "data" | "dataIs">, payload: unknown): string {
  const text = JSON.stringify({ line: "event", ...event });
  const data = dataOf(payload);
  return data === undefined ? text : `${text.slice(0, -1)},${data}}`;
}

function dataOf(payload: unknown): string | undefined {
  if (payload instanceof Uint8Array) {
    const bytes = payload as Uint8Array<ArrayBuffer>;
    return textData(jsonOfBytes(bytes)) ?? `"data":${JSON.stringify(base64(bytes))},"dataIs":"base64"`;
  }
  return textData(payload);
}

function textData(payload: unknown): string | undefined {
  if (typeof payload !== "string") return undefined;
  if (payload.length <= TRACE_LIMITS.payloadLength && !payload.includes("\n")) return `"data":${payload}`;
  return `"data":${JSON.stringify(payload.slice(0, TRACE_LIMITS.payloadLength))},"dataIs":"cut"`;
}

/** Of as many bytes as fit. */
function base64(bytes: Uint8Array<ArrayBuffer>): string {
  return toBase64(bytes.subarray(0, Math.floor(TRACE_LIMITS.payloadLength / 4) * 3));
}
