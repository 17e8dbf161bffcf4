/** Messages a second, over the last two seconds. Times are milliseconds on one clock. */

const SLICE_MS = 250;
const SLICES = 8;

export class MessageRate {
  readonly #counts = new Array<number>(SLICES).fill(0);
  #newest = 0;

  add(count: number, now: number): void {
    this.#moveTo(now);
    const place = this.#newest % SLICES;
    this.#counts[place] = (this.#counts[place] ?? 0) + count;
  }

  perSecond(now: number): number {
    this.#moveTo(now);
    const total = this.#counts.reduce((sum, count) => sum + count, 0);
    return (total * 1_000) / (SLICE_MS * SLICES);
  }

  /** Empties the slices that time has passed over. */
  #moveTo(now: number): void {
    const slice = Math.floor(now / SLICE_MS);
    const passed = Math.min(SLICES, slice - this.#newest);
    for (let step = 1; step <= passed; step += 1) this.#counts[(this.#newest + step) % SLICES] = 0;
    if (passed === SLICES) this.#counts.fill(0);
    this.#newest = Math.max(this.#newest, slice);
  }
}
