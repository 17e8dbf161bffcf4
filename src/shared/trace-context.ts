/**
 * The trace that a request belongs to, as a connection keeps it: the id and the flags of `traceparent`
 * (https://www.w3.org/TR/trace-context/), joined by a "-".
 */
export type TraceContext = string;

export const TRACEPARENT = "traceparent";

const FORM = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;
const ID_LENGTH = 32;

/** The trace of a request; a new one, which is not sampled, where it names none in the form of version 00. */
export function traceOf(headers: Headers): TraceContext {
  const [, id, flags] = FORM.exec(headers.get(TRACEPARENT) ?? "") ?? [];
  return id === undefined || flags === undefined ? `${randomHex(16)}-00` : `${id}-${flags}`;
}

/** What stands for a trace in log lines. */
export function traceIdOf(trace: TraceContext): string {
  return trace.slice(0, ID_LENGTH);
}

/** The header for one request within a trace. */
export function traceparentOf(trace: TraceContext): string {
  return `00-${traceIdOf(trace)}-${randomHex(8)}-${trace.slice(ID_LENGTH + 1)}`;
}

/** A request with the header: itself, where it has a good one. */
export function withTraceparent(request: Request): Request {
  if (FORM.test(request.headers.get(TRACEPARENT) ?? "")) return request;
  const headers = new Headers(request.headers);
  headers.set(TRACEPARENT, traceparentOf(traceOf(headers)));
  return new Request(request, { headers });
}

/** Random bytes, in hexadecimal. All zeros mean nothing in a trace, and never come. */
function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
