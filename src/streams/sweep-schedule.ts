/** Entries that a map may have before it is looked through. */
const FIRST = 1_000;

/**
 * Says when a map that only ever grows is to be looked through for what need not be kept: when it has doubled since the
 * last time, so that each entry costs the same, however many there are.
 */
export class SweepSchedule {
  #due = FIRST;

  isDue(size: number): boolean {
    return size >= this.#due;
  }

  /** Notes how many entries were kept. */
  swept(size: number): void {
    this.#due = Math.max(FIRST, 2 * size);
  }
}
