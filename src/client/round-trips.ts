/** Round-trip times, measured by recognising what was sent when it comes back. */

import type { MessageData } from "./message.ts";

const PENDING_MAX = 2_000;

interface Pending {
  readonly data: MessageData;
  readonly at: number;
}

/** Messages come back in the order in which they were sent, so a match also settles everything before it. */
export class RoundTrips {
  readonly #pending: Pending[] = [];

  /** @param at milliseconds on the clock that `received` is given too. */
  sent(data: MessageData, at: number): void {
    this.#pending.push({ data, at });
    if (this.#pending.length > PENDING_MAX) this.#pending.shift();
  }

  /** Milliseconds since the same message was sent, or nothing when it was not. */
  received(data: MessageData, at: number): number | undefined {
    const index = this.#pending.findIndex((pending) => isSame(pending.data, data));
    const [match] = index < 0 ? [] : this.#pending.splice(0, index + 1).slice(-1);
    return match && at - match.at;
  }

  /** Forgets what has not come back, because its connection is gone. */
  reset(): void {
    this.#pending.length = 0;
  }
}

export interface RoundTripSummary {
  readonly last: number;
  readonly median: number;
  readonly p95: number;
}

/** Undefined without samples. */
export function summarize(samples: readonly number[]): RoundTripSummary | undefined {
  const last = samples.at(-1);
  if (last === undefined) return undefined;
  const sorted = samples.toSorted((a, b) => a - b);
  return { last, median: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) };
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function isSame(a: MessageData, b: MessageData): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
