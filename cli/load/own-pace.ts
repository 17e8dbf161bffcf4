import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { Latencies, type Percentiles } from "./latencies.ts";

/** Milliseconds between two looks at what is due. */
const TICK_MS = 10;

/** The clock of a run, which measures how late this process itself is: a generator that is slow measures itself. */
export class OwnPace {
  readonly #late = new Latencies();
  readonly #start = performance.eventLoopUtilization();

  /** Calls `act` again and again, with the seconds since the first time, until it returns false. */
  async repeat(act: (elapsed: number) => boolean): Promise<void> {
    const startedAt = performance.now();
    while (act((performance.now() - startedAt) / 1000)) {
      const from = performance.now();
      await delay(TICK_MS);
      this.#late.record(Math.max(0, performance.now() - from - TICK_MS));
    }
  }

  get late(): Percentiles {
    return this.#late.percentiles;
  }

  /** The part of the time that this process was busy, from 0 to 1. */
  get busy(): number {
    return performance.eventLoopUtilization(this.#start).utilization;
  }
}
