/**
 * Whether something is over that ends at a time in Unix seconds: from that moment on. Undefined is never.
 *
 * @param now Milliseconds.
 */
export function isOver(expireAt: number | undefined, now: number): boolean {
  return expireAt !== undefined && expireAt * 1000 <= now;
}
