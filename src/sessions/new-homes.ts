import { TokenBucket } from "../shared/token-bucket.ts";

/** How many homes are remembered; past that, all are new again. */
const REMEMBERED = 10_000;

/** How many new homes one session may have called. `now` is in milliseconds. */
export function newHomesOf(
  { newHomes, newHomesPerSecond }: { readonly newHomes: number; readonly newHomesPerSecond: number },
  channelLimit: number,
  now: number,
): TokenBucket {
  // Whoever may have so many subscriptions may have them at once.
  return new TokenBucket({ perSecond: newHomesPerSecond, burst: Math.max(newHomes, channelLimit) }, now);
}

/** The homes that a hub has called for some client. One that it has not called yet is new, and costs whoever wants it a token. */
export class NewHomes {
  readonly #known = new Set<string>();

  /** Whether a home has been called since the hub woke. */
  knows(home: string): boolean {
    return this.#known.has(home);
  }

  /** Whether a home may be called. `now` is in milliseconds. */
  admits(home: string, tokens: TokenBucket, now: number): boolean {
    if (this.#known.has(home)) return true;
    if (!tokens.take(now)) return false;
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.add(home);
    return true;
  }
}
