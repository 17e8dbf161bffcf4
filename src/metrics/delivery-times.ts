import { Histogram } from "./histogram.ts";

/**
 * How long publications wait at their home until they are sent. They leave together, with a flush, and each counts as long
 * as the oldest of them. The clock of the runtime stands still while code runs, so what is measured is waiting, and not
 * the processor's time.
 */
export class DeliveryTimes {
  readonly times = new Histogram();
  /** Publications that wait for the next flush. */
  #waiting = 0;
  /** When the first of them came, in milliseconds. */
  #since = 0;
  /** Publications of the flush that runs, and when the first of them came. */
  #leaving = { count: 0, since: 0 };

  /** Notes a publication that waits for the next flush. */
  submitted(now: number): void {
    if (this.#waiting === 0) this.#since = now;
    this.#waiting += 1;
  }

  /** Notes that a flush has begun. */
  flushing(): void {
    this.#leaving = { count: this.#waiting, since: this.#since };
    this.#waiting = 0;
  }

  /** Notes that the frames of the flush leave: they are held back until what was written with them is durable. */
  sent(now: number): void {
    const { count, since } = this.#leaving;
    if (count > 0) this.times.observe(now - since, count);
    this.#leaving.count = 0;
  }
}
