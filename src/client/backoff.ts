const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * Milliseconds to wait before reconnecting: doubling with each failed attempt, and anywhere in the upper half of
 * that, so that the clients of a restarted server do not all come back at once.
 *
 * @param attempt 1 for the first reconnect.
 * @param random from 0 to 1.
 * @example reconnectDelay(1, Math.random()); // 250 to 500
 */
export function reconnectDelay(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return Math.round((ceiling / 2) * (1 + random));
}
