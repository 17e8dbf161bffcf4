/** The part of the limit by which a sum may grow before it is taken again. */
const STEP = 1 / 32;

/**
 * A sum over many things, and whether it is over its limit. Taking it goes through all of them, so what is added is only
 * counted, what goes is not, and the sum is taken when that count has passed the limit: it is never over unnoticed by
 * more than a thirty-second part.
 */
export class BoundedSum {
  readonly #limit: number;
  readonly #take: () => number;
  #counted = 0;
  #takeAt: number;
  #isOver = false;

  constructor(limit: number, take: () => number) {
    this.#limit = limit;
    this.#take = take;
    this.#takeAt = limit;
  }

  /** Whether the sum was over its limit when it was last taken. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Counts what has come. */
  add(amount: number): void {
    this.#counted += amount;
    if (this.#counted > this.#takeAt) this.retake();
  }

  /** Takes the sum. Returns whether it is over its limit. */
  retake(): boolean {
    this.#counted = this.#take();
    this.#isOver = this.#counted > this.#limit;
    this.#takeAt = Math.max(this.#limit, this.#counted + this.#limit * STEP);
    return this.#isOver;
  }
}
