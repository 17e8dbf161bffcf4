/** How many messages, or bytes, a client may send. */
export interface RateLimit {
  /** A second, sustained. */
  readonly perSecond: number;
  /** At once after a pause. */
  readonly burst: number;
}

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

  /** Takes one token. `false` means that the limit is exceeded. `now` is in milliseconds, here and below. */
  take(now: number): boolean {
    return this.takeUpTo(1, now) === 1;
  }

  /** Takes as many tokens as there are, at most `wanted` of them. Returns how many. */
  takeUpTo(wanted: number, now: number): number {
    this.#fill(now);
    const taken = Math.max(0, Math.min(wanted, Math.floor(this.#credit / TOKEN)));
    this.#credit -= taken * TOKEN;
    return taken;
  }

  /** Takes tokens, even more than there are. */
  spend(tokens: number, now: number): void {
    this.#fill(now);
    this.#credit -= tokens * TOKEN;
  }

  /** Whether more was spent than there was. */
  isOverdrawn(now: number): boolean {
    this.#fill(now);
    return this.#credit < 0;
  }

  #fill(now: number): void {
    const { perSecond, burst } = this.#limit;
    // A clock that is set back must not take away tokens.
    const elapsed = Math.max(0, now - this.#filledAt);
    this.#credit = Math.min(burst * TOKEN, this.#credit + elapsed * perSecond);
    this.#filledAt = now;
  }
}
