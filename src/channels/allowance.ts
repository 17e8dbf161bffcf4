import type { RateLimit } from "../rooms/handler.ts";
import { TokenBucket } from "../rooms/token-bucket.ts";

/** What one connection may send. */
export interface SendingLimits {
  readonly commandRate: RateLimit;
  readonly byteRate: RateLimit;
}

/** What becomes of the commands of one frame: so many are carried out, the rest is refused. */
export interface Admission {
  readonly carriedOut: number;
  /** Whether the connection has been told to slow down often enough. */
  readonly isOver: boolean;
}

/**
 * Counts what one connection sends. It may be refused as many commands as it may send: a client that goes on all the
 * same does not listen. After sleep it begins anew, which takes longer than filling up does.
 */
export class Allowance {
  readonly #commands: TokenBucket;
  readonly #refusals: TokenBucket;
  readonly #bytes: TokenBucket;

  constructor({ commandRate, byteRate }: SendingLimits, now: number) {
    this.#commands = new TokenBucket(commandRate, now);
    this.#refusals = new TokenBucket(commandRate, now);
    this.#bytes = new TokenBucket(byteRate, now);
  }

  /** Whether a frame of so many bytes may be read. `now` is in milliseconds. */
  takeFrame(bytes: number, now: number): boolean {
    return this.#bytes.takeUpTo(bytes, now) === bytes;
  }

  /** How many commands of a frame may be carried out. `now` is in milliseconds. */
  takeCommands(count: number, now: number): Admission {
    const carriedOut = this.#commands.takeUpTo(count, now);
    const refused = count - carriedOut;
    return { carriedOut, isOver: refused > 0 && this.#refusals.takeUpTo(refused, now) < refused };
  }
}
