import type { MetricName, Samples } from "./registry.ts";
import { type Labels, withLabels } from "./series.ts";

/** The upper bounds of the buckets, in milliseconds. A last one takes what is longer. */
export const BUCKETS = [1, 5, 10, 50, 100, 500, 1_000, 5_000] as const;

/** How long something took, as often as it was done. */
export class Histogram {
  readonly #counts: number[] = new Array(BUCKETS.length + 1).fill(0);
  #sum = 0;

  /** Notes that something took so many milliseconds, `count` times. */
  observe(milliseconds: number, count = 1): void {
    // A clock may have been set back.
    const taken = Math.max(0, milliseconds);
    const bucket = BUCKETS.findIndex((bound) => taken <= bound);
    const index = bucket === -1 ? BUCKETS.length : bucket;
    this.#counts[index] = (this.#counts[index] ?? 0) + count;
    this.#sum += taken * count;
  }

  /** All series of a histogram: what is in a bucket is in all larger ones too. None as long as nothing was done. */
  samples(name: MetricName, labels: Labels = []): Samples {
    const samples: Record<string, number> = {};
    let total = 0;
    this.#counts.forEach((count, index) => {
      total += count;
      const bound = BUCKETS[index] ?? "+Inf";
      samples[withLabels(`${name}_bucket`, [...labels, ["le", bound]])] = total;
    });
    if (total === 0) return {};
    return {
      ...samples,
      [withLabels(`${name}_sum`, labels)]: this.#sum,
      [withLabels(`${name}_count`, labels)]: total,
    };
  }
}
