import type { Samples } from "./registry.ts";

/** Adds samples up, series by series. */
export function sum(all: Iterable<Samples>): Samples {
  const total: Record<string, number> = {};
  for (const samples of all) {
    for (const [series, value] of Object.entries(samples)) total[series] = (total[series] ?? 0) + value;
  }
  return total;
}

/** What has been added since `before`; series that stayed as they were are left out. */
export function difference(now: Samples, before: Samples): Samples {
  const changes = Object.entries(now).map(
    ([series, value]) => [series, value - (before[series] ?? 0)] as const,
  );
  return Object.fromEntries(changes.filter(([, change]) => change !== 0));
}

/** The total of a metric over all values of its label. */
export function totalOf(samples: Samples, name: string): number {
  let total = 0;
  for (const [series, value] of Object.entries(samples)) {
    if (series === name || series.startsWith(`${name}{`)) total += value;
  }
  return total;
}
