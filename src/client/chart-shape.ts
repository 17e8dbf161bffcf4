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
  /** The value at the top edge. */
  readonly top: number;
}

/**
 * Lays samples out over the width, newest at the right; undefined ones leave a gap. Undefined when there is nothing to
 * draw.
 */
export function layOutChart(
  samples: readonly (number | undefined)[],
  width: number,
  height: number,
): ChartShape | undefined {
  const known = samples.filter((value) => value !== undefined);
  const summary = summarize(known);
  if (!summary) return undefined;
  const top = Math.max(1, ...known) * 1.1;
  const step = (width - 2 * MARGIN) / (SAMPLES_KEPT - 1);
  const xOf = (index: number) => round(width - MARGIN - (samples.length - 1 - index) * step);
  const yOf = (value: number) => round(height - MARGIN - (value / top) * (height - 2 * MARGIN));
  const runs = runsOf(samples);
  const lineOf = (run: readonly Sample[]) =>
    run.map(({ index, value }, at) => `${at === 0 ? "M" : "L"}${xOf(index)} ${yOf(value)}`).join("");
  const areaOf = (run: readonly Sample[]) =>
    `${lineOf(run)}L${xOf(run.at(-1)?.index ?? 0)} ${height}L${xOf(run[0]?.index ?? 0)} ${height}Z`;
  return {
    line: runs.map(lineOf).join(""),
    area: runs.map(areaOf).join(""),
    x: xOf(samples.findLastIndex((value) => value !== undefined)),
    y: yOf(summary.last),
    medianY: yOf(summary.median),
    top,
  };
}

interface Sample {
  readonly index: number;
  readonly value: number;
}

/** Samples without a gap between them, in one list each. */
function runsOf(samples: readonly (number | undefined)[]): Sample[][] {
  const runs: Sample[][] = [];
  for (const [index, value] of samples.entries()) {
    if (value === undefined) continue;
    const last = runs.at(-1);
    if (last?.at(-1)?.index === index - 1) last.push({ index, value });
    else runs.push([{ index, value }]);
  }
  return runs;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
