/** The values of the last 15 minutes, kept in the page, as a chart draws them. Times are milliseconds on one clock. */

import { SAMPLES_KEPT } from "../chart-shape.ts";

const KEPT_MS = 15 * 60_000;
/** Of so much time a chart shows one sample: the highest value that there was. */
const SLOT_MS = KEPT_MS / SAMPLES_KEPT;

export class History {
  #slots: (number | undefined)[] = [];
  /** The number of the slot that is the last one of `#slots`. */
  #newest = 0;
  #value: number | undefined;

  /** Notes the value from now on; undefined while it is not known. */
  set(value: number | undefined, now: number): void {
    this.#moveTo(now);
    this.#value = value;
    if (value === undefined) return;
    const last = this.#slots.length - 1;
    this.#slots[last] = Math.max(value, this.#slots[last] ?? 0);
  }

  /** One value for each slot, the oldest first; undefined where it is not known. */
  samples(now: number): readonly (number | undefined)[] {
    this.#moveTo(now);
    return this.#slots;
  }

  get last(): number | undefined {
    return this.#value;
  }

  /** A value that nothing has changed since holds for the slots in between. */
  #moveTo(now: number): void {
    const slot = Math.floor(now / SLOT_MS);
    if (this.#slots.length === 0) this.#newest = slot - 1;
    const passed = Math.min(SAMPLES_KEPT, slot - this.#newest);
    for (let step = 0; step < passed; step += 1) this.#slots.push(this.#value);
    this.#slots = this.#slots.slice(-SAMPLES_KEPT);
    this.#newest = Math.max(this.#newest, slot);
  }
}
