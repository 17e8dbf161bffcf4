/** When something expires, in whole Unix seconds. Undefined, as absent, null and 0 say, is never. */
export function readExpiry(time: number | null | undefined): number | undefined {
  return time ? Math.floor(time) : undefined;
}

/**
 * Whether something that ends at a time (Unix seconds) has ended: from that moment on. Undefined never ends.
 *
 * @param now Milliseconds.
 */
export function isOver(expireAt: number | undefined, now: number): boolean {
  return expireAt !== undefined && expireAt * 1000 <= now;
}
