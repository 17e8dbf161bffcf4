/**
 * Decides when a flush may be at once, and when it waits for the end of the turn of the event loop to collect more.
 * A clock that stands still during an event and counts in milliseconds cannot tell one fast client from a hundred, but
 * a flush that waited can: when nothing else joined it, waiting was for nothing.
 */
export class Pace {
  readonly #quiet: number;
  readonly #probeEvery: number;
  #isBusy = false;
  #immediate = 0;
  #last = Number.NEGATIVE_INFINITY;

  /** `quiet`: milliseconds of silence after which nobody else is expected. `probeEvery`: immediate flushes between two tries to wait. */
  constructor(quiet: number, probeEvery: number) {
    this.#quiet = quiet;
    this.#probeEvery = probeEvery;
  }

  /** Whether the entries that came with this event should be flushed at once. `now` is in milliseconds. */
  flushesNow(now: number): boolean {
    const isQuiet = now - this.#last >= this.#quiet;
    this.#last = now;
    if (!isQuiet && (this.#isBusy || this.#immediate >= this.#probeEvery)) return false;
    this.#immediate += 1;
    return true;
  }

  /** Tells how many events a flush that waited has collected. */
  collected(events: number): void {
    this.#isBusy = events > 1;
    this.#immediate = 0;
  }
}
