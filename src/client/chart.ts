/** The live chart of round-trip times. */

import { drawChart } from "./chart-drawing.ts";
import { SAMPLES_KEPT } from "./chart-shape.ts";
import { byId } from "./dom.ts";
import { redraw } from "./redraw.ts";
import { summarize } from "./round-trips.ts";

export class Chart {
  readonly #box = byId("chart", HTMLElement);
  readonly #samples: number[] = [];
  #count = 0;

  constructor() {
    new ResizeObserver(() => redraw(this.#draw)).observe(this.#box);
  }

  /** @param milliseconds one round trip. */
  add(milliseconds: number): void {
    this.#samples.push(milliseconds);
    if (this.#samples.length > SAMPLES_KEPT) this.#samples.shift();
    this.#count++;
    redraw(this.#draw);
  }

  #draw = (): void => {
    drawChart(this.#box, this.#samples, this.#describe());
    this.#showSummary();
  };

  #showSummary(): void {
    const summary = summarize(this.#samples);
    for (const key of ["last", "median", "p95"] as const) {
      byId(`rtt-${key}`, HTMLElement).textContent = summary ? formatMilliseconds(summary[key]) : "–";
    }
    byId("rtt-count", HTMLElement).textContent = this.#count.toLocaleString("en");
  }

  #describe(): string {
    const summary = summarize(this.#samples);
    if (!summary) return "No round trips measured yet";
    return `Round-trip times, median ${formatMilliseconds(summary.median)}, last ${formatMilliseconds(summary.last)}`;
  }
}

/** `3.2 ms`, `120 ms`. */
export function formatMilliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
