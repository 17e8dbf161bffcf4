/** A channel of a run: what was published there. */
export class LoadChannel {
  readonly name: string;
  /** Publications that were begun: the number of the last one. */
  begun = 0;
  #acknowledged = 0;
  #highestOffset = 0;
  /** Numbers that may be missing: an error does not tell whether it was published. */
  readonly #failed = new Set<number>();

  constructor(name: string) {
    this.name = name;
  }

  acknowledge(): void {
    this.#acknowledged += 1;
  }

  fail(number: number): void {
    this.#failed.add(number);
  }

  /** Whether the publication with this number must have come. */
  readonly isExpected = (number: number): boolean => !this.#failed.has(number);

  seeOffset(offset: number): void {
    if (offset > this.#highestOffset) this.#highestOffset = offset;
  }

  /** The offset that a stream has reached: nobody else publishes there, and what is acknowledged is in it. */
  get lastOffset(): number {
    return Math.max(this.#highestOffset, this.#acknowledged);
  }
}
