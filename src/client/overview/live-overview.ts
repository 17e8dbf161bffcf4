/** What the gateway pushes, as the parts of the view show it. */

import { merge } from "../../overview/merge.ts";
import type { OverviewMessage, OverviewSnapshot } from "../../overview/messages.ts";
import { byId } from "../dom.ts";
import { redraw } from "../redraw.ts";
import type { HubPanel } from "./hub-panel.ts";
import { describeLoad, drawCharts, noteLoad, showTotals } from "./load-panel.ts";
import { errorTallies, recoveryTallies, refusalTallies, roomTallies } from "./tallies.ts";
import { showTallies } from "./tally-list.ts";

/** Charts and times go on by themselves. */
const EVERY_MS = 2_000;

export class LiveOverview {
  readonly #hubs: HubPanel;
  #snapshot: OverviewSnapshot | undefined;
  /** What was counted when the overview was opened. */
  #first: OverviewSnapshot | undefined;

  constructor(hubs: HubPanel) {
    this.#hubs = hubs;
    new ResizeObserver(() => redraw(drawCharts)).observe(byId("load-charts", HTMLElement));
    setInterval(() => this.#snapshot && this.#tick(), EVERY_MS);
  }

  /** How many hubs there are; undefined as long as nothing was told. */
  get hubs(): number | undefined {
    return this.#snapshot?.totals.hubs;
  }

  take(message: OverviewMessage): void {
    this.#snapshot = merge(this.#snapshot, message);
    this.#first ??= this.#snapshot;
    this.#draw();
  }

  /** What happens is not known from now on; what was shown stays. */
  pause(): void {
    noteLoad(undefined, performance.now());
    redraw(drawCharts);
  }

  clear(): void {
    this.#snapshot = undefined;
    this.#first = undefined;
    this.#draw();
  }

  #draw(): void {
    noteLoad(this.#snapshot?.totals, performance.now());
    for (const draw of [this.#drawHubs, drawCharts, this.#drawTotals]) redraw(draw);
  }

  #tick(): void {
    redraw(drawCharts);
    redraw(this.#drawTimes);
  }

  #drawTimes = (): void => this.#hubs.showFacts();

  #drawHubs = (): void => this.#hubs.show(this.#snapshot);

  #drawTotals = (): void => {
    const snapshot = this.#snapshot;
    const first = this.#first;
    byId("overview-figures", HTMLElement).textContent = snapshot ? describeLoad(snapshot.totals) : "–";
    if (!snapshot || !first) return;
    const { totals, rooms } = snapshot;
    showTotals(totals);
    showTallies("errors", errorTallies(totals, first.totals));
    showTallies("refusals", refusalTallies(totals, first.totals));
    showTallies("recoveries", recoveryTallies(totals, first.totals));
    showTallies("room-kinds", roomTallies(rooms, first.rooms));
  };
}
