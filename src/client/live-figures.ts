/** The figures in the header: messages a second, and the last round trip. */

import { formatMilliseconds } from "./chart.ts";
import { byId } from "./dom.ts";
import { MessageRate } from "./message-rate.ts";

const EVERY_MS = 500;

export class LiveFigures {
  readonly #box: HTMLElement;
  readonly #rate = new MessageRate();
  #roundTrip: number | undefined;

  /** @param id of the element that shows them. */
  constructor(id: string) {
    this.#box = byId(id, HTMLElement);
    setInterval(() => this.#draw(), EVERY_MS);
  }

  /** Counts messages, sent or received. */
  count(messages: number): void {
    this.#rate.add(messages, performance.now());
  }

  /** @param milliseconds undefined while none is known. */
  roundTrip(milliseconds: number | undefined): void {
    this.#roundTrip = milliseconds;
  }

  #draw(): void {
    const rate = Math.ceil(this.#rate.perSecond(performance.now())).toLocaleString("en");
    const time = this.#roundTrip === undefined ? "–" : formatMilliseconds(this.#roundTrip);
    const text = `${rate} msg/s · ${time}`;
    if (this.#box.textContent !== text) this.#box.textContent = text;
  }
}
