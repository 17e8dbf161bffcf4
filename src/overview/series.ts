import type { Samples } from "../metrics/registry.ts";
import type { Counts } from "./messages.ts";

/** One series: its metric and the values of its labels. */
export interface Series {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Reads the name of a series, such as `poorwill_hub_commands{method="publish"}`. */
export function parseSeries(series: string): Series {
  const start = series.indexOf("{");
  if (start === -1) return { metric: series, labels: {} };
  const labels: Record<string, string> = {};
  for (const [, label = "", value = ""] of series.slice(start).matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g))
    labels[label] = value.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
  return { metric: series.slice(0, start), labels };
}

/** What a metric counted, by the value of its only label. */
export function countsOf(samples: Samples, metric: string): Counts {
  const counts: Record<string, number> = {};
  for (const [series, count] of Object.entries(samples)) {
    if (!series.startsWith(`${metric}{`)) continue;
    const [value] = Object.values(parseSeries(series).labels);
    if (value !== undefined) counts[value] = count;
  }
  return counts;
}
