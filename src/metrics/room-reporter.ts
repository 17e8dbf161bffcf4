import { REPORT_LIMITS } from "../shared/limits.ts";
import type { Samples } from "./registry.ts";
import { additionOf, type Report } from "./report.ts";
import { difference } from "./samples.ts";

/**
 * Decides when a room reports. There may be one for each visitor, so none reports that has not been awake for a minute,
 * and none sets an alarm for it: what a room counts after its last report goes when it falls asleep.
 */
export class RoomReporter {
  readonly #kind: string;
  #reported: Samples = {};
  /** When it woke or last reported, in milliseconds. */
  #since: number;

  constructor(kind: string, now: number) {
    this.#kind = kind;
    this.#since = now;
  }

  /** Whether a report is due. Asked at each activity only: who has one a minute after the last has been awake since. */
  isDue(now: number): boolean {
    return now - this.#since >= REPORT_LIMITS.roomInterval;
  }

  /** The report about what was counted since the last one. One that is lost is not made up for. */
  report(now: number, counted: Samples): Report {
    const counters = difference(counted, this.#reported);
    this.#reported = counted;
    this.#since = now;
    return additionOf(`room/${this.#kind}`, counters, now);
  }
}
