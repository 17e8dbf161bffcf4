/** Numbers that one subscription may lack at a time; of more, the oldest are given up as lost. */
const MOST_MISSING = 1000;

/** Whether all numbers come, and each once: offsets of a stream, or those that the publications of a run bear. */
export class Reception {
  repeated = 0;
  /** Numbers that came after a higher one. */
  outOfOrder = 0;
  #givenUp = 0;
  readonly #first: number;
  #highest: number;
  readonly #missing = new Set<number>();

  /** @param first The first number that must come. Lower ones may. */
  constructor(first: number) {
    this.#first = first;
    this.#highest = first - 1;
  }

  /** What is no number that a publication can have is ignored: a step of one would lead nowhere from it. */
  receive(number: number): void {
    if (!Number.isSafeInteger(number)) return;
    if (number > this.#highest) this.#advance(number);
    else if (this.#missing.delete(number)) this.outOfOrder += 1;
    else if (number >= this.#first) this.repeated += 1;
  }

  /**
   * How many have not come.
   *
   * @param last The last number that must have come.
   * @param isExpected Whether a number must come at all: one whose publication failed need not. Default: each must.
   */
  lost(last: number, isExpected?: (number: number) => boolean): number {
    // Reckoned, not counted: the last offset is what the server says, and may be any number.
    if (isExpected === undefined)
      return this.#givenUp + this.#missing.size + Math.max(0, last - this.#highest);
    let lost = this.#givenUp;
    for (const number of this.#missing) if (isExpected(number)) lost += 1;
    for (let number = this.#highest + 1; number <= last; number += 1) if (isExpected(number)) lost += 1;
    return lost;
  }

  /** The numbers up to here will not come any more. */
  skipTo(number: number): void {
    if (Number.isSafeInteger(number) && number > this.#highest) this.#advance(number, true);
  }

  get highest(): number {
    return this.#highest;
  }

  #advance(number: number, isMissingItself = false): void {
    const end = isMissingItself ? number : number - 1;
    const start = Math.max(this.#highest + 1, end - MOST_MISSING + 1);
    this.#givenUp += start - (this.#highest + 1);
    for (let missing = start; missing <= end; missing += 1) this.#missing.add(missing);
    this.#highest = number;
    for (const oldest of this.#missing) {
      if (this.#missing.size <= MOST_MISSING) break;
      this.#missing.delete(oldest);
      this.#givenUp += 1;
    }
  }
}
