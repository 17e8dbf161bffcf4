/** What the server API asks of a hub to trace, and what it answers. */

import type { TraceTarget } from "./messages.ts";

export const TRACE_VERSION = 1;

export interface TraceCall {
  readonly version: number;
  readonly target: TraceTarget;
  readonly payloads: boolean;
  /** Events a second. */
  readonly rate: number;
  /** When the hub ends it by itself, in Unix milliseconds. */
  readonly until: number;
}

/** Lines of JSON in UTF-8, or why there are none: the hub has as many traces as it takes, or does not hold the client. */
export type TraceAnswer =
  | { readonly lines: ReadableStream<Uint8Array> }
  | { readonly refused: "busy" | "absent" };
