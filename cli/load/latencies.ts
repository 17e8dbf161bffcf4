import { createHistogram, type RecordableHistogram } from "node:perf_hooks";

/** Milliseconds that so many did not exceed. Zeros where there is none. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

const HOUR_IN_MICROSECONDS = 3_600_000_000;

/** Durations in an HDR histogram: Node has that of Gil Tene built in. Three digits count. */
export class Latencies {
  readonly #microseconds: RecordableHistogram = createHistogram({
    lowest: 1,
    highest: HOUR_IN_MICROSECONDS,
    figures: 3,
  });

  record(milliseconds: number): void {
    this.#microseconds.record(Math.min(Math.max(1, Math.round(milliseconds * 1000)), HOUR_IN_MICROSECONDS));
  }

  get percentiles(): Percentiles {
    const count = Number(this.#microseconds.count);
    const at = (percent: number) => (count === 0 ? 0 : this.#microseconds.percentile(percent) / 1000);
    return {
      count,
      p50: at(50),
      p90: at(90),
      p99: at(99),
      p999: at(99.9),
      max: count === 0 ? 0 : this.#microseconds.max / 1000,
    };
  }
}
