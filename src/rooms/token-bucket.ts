import type { RateLimit } from "./handler.ts";

const TOKEN = 1_000;

/** Counts what one socket sends against its rate limit. It is full at first, and again after sleep. */
export class TokenBucket {
  readonly #limit: RateLimit;
  /** In thousandths of a token, so that whole rates and milliseconds add up without rounding. */
  #credit: number;
  #filledAt: number;

  constructor(limit: RateLimit, now: number) {
    this.#limit = limit;
    this.#credit = limit.burst * TOKEN;
    this.#filledAt = now;
  }

  /** Takes one token. `false` means that the limit is exceeded. `now` is in milliseconds. */
  take(now: number): boolean {
    const { perSecond, burst } = this.#limit;
    this.#credit = Math.min(burst * TOKEN, this.#credit + (now - this.#filledAt) * perSecond);
    this.#filledAt = now;
    if (this.#credit < TOKEN) return false;
    this.#credit -= TOKEN;
    return true;
  }
}
