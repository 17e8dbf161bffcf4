import type { Samples } from "../metrics/registry.ts";
import { difference, sum } from "../metrics/samples.ts";
import { OVERVIEW_LIMITS } from "../shared/limits.ts";
import { hubOverview, type KeptReport } from "./hub-overview.ts";
import { bySize } from "./merge.ts";
import type { HubOverview, OverviewChanges, OverviewSnapshot } from "./messages.ts";
import { roomsOf, totalsOf } from "./totals.ts";

interface Entry {
  readonly overview: HubOverview;
  readonly counted: Samples;
  /** Until when it is shown, in milliseconds. */
  readonly shownUntil: number;
}

/** Everything that an operator sees, kept up to date with each report. Times are in milliseconds. */
export class Overview {
  readonly #hubs = new Map<string, Entry>();
  #counted: Samples;
  /** Hubs that have reported since the last changes. */
  readonly #reported = new Set<string>();
  /** Hubs that have been shown to somebody, and not told as gone. */
  #shown = new Set<string>();

  /** @param counted What hubs have counted that are not known any more. */
  constructor(counted: Samples) {
    this.#counted = counted;
  }

  /** Takes a report, in place of the one before. */
  take(report: KeptReport): void {
    const { hub, counted, expiresAt, reportedAt } = report;
    const before = this.#hubs.get(hub)?.counted ?? {};
    this.#counted = sum([this.#counted, difference(counted, before)]);
    const shownUntil = Math.max(expiresAt, reportedAt + OVERVIEW_LIMITS.shownFor);
    this.#hubs.set(hub, { overview: hubOverview(report), counted, shownUntil });
    this.#reported.add(hub);
  }

  snapshot(now: number): OverviewSnapshot {
    const { hubs, ...seen } = this.#see(now);
    for (const { hub } of hubs) this.#shown.add(hub);
    return { kind: "snapshot", ...seen, hubs };
  }

  /** What has changed since this was last asked. */
  changes(now: number): OverviewChanges {
    const { hubs, ...seen } = this.#see(now);
    const shown = new Set(hubs.map(({ hub }) => hub));
    const changed = hubs.filter(({ hub }) => this.#reported.has(hub) || !this.#shown.has(hub));
    const gone = [...this.#shown].filter((hub) => !shown.has(hub));
    this.#reported.clear();
    this.#shown = shown;
    return { kind: "changes", ...seen, hubs: changed, gone };
  }

  #see(now: number) {
    const all: HubOverview[] = [];
    for (const [hub, { overview, shownUntil }] of this.#hubs)
      if (shownUntil > now && isHub(hub)) all.push(overview);
    const hubs = all.sort(bySize).slice(0, OVERVIEW_LIMITS.hubs);
    return {
      at: now,
      totals: totalsOf(all, this.#counted),
      moreHubs: all.length - hubs.length,
      rooms: roomsOf(this.#counted),
      hubs,
    };
  }
}

/** What the Worker and the rooms have counted is kept under names of its own. */
function isHub(name: string): boolean {
  return /^(?:home|edge|users)\//.test(name);
}
