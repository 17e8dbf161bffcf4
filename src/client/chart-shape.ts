import { summarize } from "./round-trips.ts";

/** As many samples fit into the width of the chart. */
export const SAMPLES_KEPT = 120;

const MARGIN = 4;

export interface ChartShape {
  /** SVG path data of the line. */
  readonly line: string;
  /** The same, closed along the bottom. */
  readonly area: string;
  /** Where the last sample is. */
  readonly x: number;
  readonly y: number;
  /** Height of the median. */
  readonly medianY: number;
  /** Milliseconds at the top edge. */
  readonly top: number;
}

/** Lays samples out over the width, newest at the right. Undefined without samples. */
export function layOutChart(
  samples: readonly number[],
  width: number,
  height: number,
): ChartShape | undefined {
  const summary = summarize(samples);
  if (!summary) return undefined;
  const top = Math.max(1, ...samples) * 1.1;
  const step = (width - 2 * MARGIN) / (SAMPLES_KEPT - 1);
  const xOf = (index: number) => round(width - MARGIN - (samples.length - 1 - index) * step);
  const yOf = (value: number) => round(height - MARGIN - (value / top) * (height - 2 * MARGIN));
  const line = samples
    .map((value, index) => `${index === 0 ? "M" : "L"}${xOf(index)} ${yOf(value)}`)
    .join("");
  const area = `${line}L${xOf(samples.length - 1)} ${height}L${xOf(0)} ${height}Z`;
  const x = xOf(samples.length - 1);
  return { line, area, x, y: yOf(summary.last), medianY: yOf(summary.median), top };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
