import type { Occupancy } from "../hub-rpc/messages.ts";
import type { HubJob } from "../shared/alarm-jobs.ts";
import { EVENT_LIMITS, HUB_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import type { EventStore } from "./event-store.ts";

/** What reports need of their hub. */
export interface HubOfReports {
  readonly name: string;
  homeOf(channel: string): string;
  wakeAt(time: number, job: HubJob): void;
  reportOccupancy(home: string, reports: readonly Occupancy[]): Promise<void>;
}

/**
 * Reports to other homes which of their channels have subscribers here, again and again until each home has taken the
 * report.
 */
export class OccupancyReports {
  readonly #hub: HubOfReports;
  readonly #store: EventStore;
  /** By home, then by channel: only the newest counts. */
  readonly #untold = new Map<string, Map<string, Occupancy>>();
  readonly #calling = new Set<string>();
  #isLoaded = false;

  constructor(hub: HubOfReports, store: EventStore) {
    this.#hub = hub;
    this.#store = store;
  }

  /** Queues an occupancy that has been stored. */
  note(occupancy: Occupancy): void {
    const home = this.#hub.homeOf(occupancy.channel);
    if (home === this.#hub.name) return;
    const untold = this.#untold.get(home) ?? new Map<string, Occupancy>();
    this.#untold.set(home, untold.set(occupancy.channel, occupancy));
  }

  /** Queues what was stored before the object last woke and is not reported yet. */
  load(): void {
    if (this.#isLoaded) return;
    this.#isLoaded = true;
    for (const { isTold, ...occupancy } of this.#store.occupancy()) {
      const isKnown = this.#untold.get(this.#hub.homeOf(occupancy.channel))?.has(occupancy.channel) ?? false;
      if (!isTold && !isKnown) this.note(occupancy);
    }
  }

  /** Calls every home for which reports wait, unless a call to it is under way. */
  send(): void {
    for (const [home, untold] of this.#untold) {
      if (!this.#calling.has(home)) void this.#report(home, untold);
    }
  }

  async #report(home: string, untold: Map<string, Occupancy>): Promise<void> {
    this.#calling.add(home);
    try {
      while (untold.size > 0) {
        const reports = [...untold.values()].slice(0, EVENT_LIMITS.reports);
        await this.#hub.reportOccupancy(home, reports);
        for (const report of reports) {
          this.#store.told(report);
          if (untold.get(report.channel) === report) untold.delete(report.channel);
        }
      }
      this.#untold.delete(home);
    } catch (failure) {
      logFailure("hub.occupancy_failed", failure, { home });
      this.#hub.wakeAt(Date.now() + HUB_LIMITS.settleDelay, "events");
    } finally {
      this.#calling.delete(home);
    }
  }
}
