/** The live chart of round-trip times. */

import { layOutChart, SAMPLES_KEPT } from "./chart-shape.ts";
import { byId } from "./dom.ts";
import { redraw } from "./redraw.ts";
import { summarize } from "./round-trips.ts";

const HEIGHT = 72;
const SVG = "http://www.w3.org/2000/svg";

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
    const width = this.#box.clientWidth;
    const shape = layOutChart(this.#samples, width, HEIGHT);
    const svg = createShape("svg", { width, height: HEIGHT, role: "img", "aria-label": this.#describe() });
    if (shape) {
      const { line, area, x, y, medianY } = shape;
      svg.append(
        createShape("path", { class: "area", d: area }),
        createShape("line", { class: "median", x1: 0, x2: width, y1: medianY, y2: medianY }),
        createShape("path", { class: "line", d: line }),
        createShape("circle", { class: "last", cx: x, cy: y, r: 3 }),
      );
    }
    this.#box.replaceChildren(svg);
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

function createShape(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const shape = document.createElementNS(SVG, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, String(value));
  return shape;
}

/** `3.2 ms`, `120 ms`. */
export function formatMilliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
