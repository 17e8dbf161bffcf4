/** Memory of the gateway at one moment of the soak: bytes, and milliseconds since the begin. */
export interface MemorySample {
  readonly at: number;
  /** Of the JavaScript heap, after a collection. */
  readonly heap: number;
  /** Of the process. */
  readonly resident: number;
}

/** By how many bytes a minute a value grows: the slope of the line that fits the samples best; NaN for less than two. */
export function growth(samples: readonly MemorySample[], value: "heap" | "resident"): number {
  const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const minutes = samples.map(({ at }) => at / 60_000);
  const [time, middle] = [mean(minutes), mean(samples.map((sample) => sample[value]))];
  const [above, below] = samples.reduce(
    ([above, below], sample, index) => {
      const away = (minutes[index] ?? 0) - time;
      return [above + away * (sample[value] - middle), below + away * away];
    },
    [0, 0],
  );
  return above / below;
}
