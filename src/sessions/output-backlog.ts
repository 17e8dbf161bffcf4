import { SESSION_LIMITS } from "../shared/limits.ts";

/** What to do about a client that has not taken everything yet. */
export type OutputBacklogVerdict = "send" | "probe" | "close";

/** A character of text is at most three bytes in UTF-8. */
const BYTES_PER_CHARACTER = 3;

/**
 * How many bytes may wait for a client before it is slow: `queueSize`, and the replies among them. Who asks for much over
 * a long way is not slow for that, or would be closed in the middle of what it recovers.
 *
 * @param replied Characters of replies that may still wait.
 */
export function outputBacklogLimit(queueSize: number, replied: number): number {
  return queueSize + BYTES_PER_CHARACTER * Math.min(replied, SESSION_LIMITS.outputLength);
}

/**
 * Judges a slow client. `buffered` is what the runtime says is waiting (`WebSocket.bufferedAmount`, since workerd
 * 1.20261117.1), undefined where it does not tell. Then `outputBacklog`, what was sent since the client last gave a sign of
 * life, is all that can be known: it says little at a high rate, so past the limit a ping asks for a sign, and only far
 * past it the session ends.
 */
export function decideOutputBacklog(
  buffered: number | undefined,
  outputBacklog: number,
  limit: number,
): OutputBacklogVerdict {
  if (buffered !== undefined) return buffered > limit ? "close" : "send";
  if (outputBacklog <= limit) return "send";
  return outputBacklog > Math.max(limit, SESSION_LIMITS.silentOutputBacklog) ? "close" : "probe";
}
