/** What becomes of a message to a client with `buffered` bytes already waiting for it. */
export type Pressure = "send" | "send under pressure" | "drop";

/**
 * Decides whether a message is queued. `buffered` is undefined where the runtime does not tell
 * (`WebSocket.bufferedAmount` came with workerd 1.20261117.1): then everything is sent.
 * A client that has not reached the limit gets the next message whatever its size, as in Bun.
 */
export function pressureOf(buffered: number | undefined, bytes: number, limit: number): Pressure {
  if (buffered === undefined) return "send";
  if (buffered >= limit) return "drop";
  return buffered > 0 && buffered + bytes > limit / 2 ? "send under pressure" : "send";
}
