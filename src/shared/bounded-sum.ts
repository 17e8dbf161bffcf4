/** The part of the limit by which a sum may grow before it is taken again. */
const STEP = 1 / 32;

/**
 * Whether a sum over many things is over its limit. Taking the sum visits all of them, so additions are only counted,
 * removals are not, and the sum is taken again when that count passes the limit. So a sum is never over its limit
 * unnoticed by more than 1/32.
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

  /** Counts an addition. */
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
