import { concatenate } from "../shared/concatenate.ts";

/** What waits for the client of a stream. */
export class StreamQueue {
  readonly #limit: number;
  readonly #slowTime: number;
  #chunks: Uint8Array[] = [];
  #size = 0;
  #behindSince: number | undefined;

  /** `limit` is bytes; more of them may wait for `slowTime` milliseconds, if the client takes nothing meanwhile. */
  constructor(limit: number, slowTime: number) {
    this.#limit = limit;
    this.#slowTime = slowTime;
  }

  /** Bytes that wait. */
  get size(): number {
    return this.#size;
  }

  /**
   * Whether the client has left too much waiting for too long. What comes at once, as the parts of a long reply do, is
   * not held against it.
   */
  isSlow(now: number): boolean {
    if (this.#size <= this.#limit) return false;
    this.#behindSince ??= now;
    return now - this.#behindSince >= this.#slowTime;
  }

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#size += chunk.byteLength;
  }

  /** Takes all that waits, as one chunk. */
  take(): Uint8Array {
    const all = concatenate(this.#chunks, this.#size);
    this.clear();
    return all;
  }

  clear(): void {
    this.#chunks = [];
    this.#size = 0;
    this.#behindSince = undefined;
  }
}
