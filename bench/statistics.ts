/** The value that `share` of the sorted values do not exceed; NaN of nothing. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function sort(values: Iterable<number>): Float64Array {
  return Float64Array.from(values).sort();
}

export function median(values: Iterable<number>): number {
  const sorted = sort(values);
  const middle = sorted.length / 2;
  return (quantile(sorted, 0.5) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}
