/** The list of hubs, and what is known of the picked one. */

import type { HubOverview, OverviewSnapshot } from "../../overview/messages.ts";
import { byId, create, setText, visible } from "../dom.ts";
import { type Item, VirtualList } from "../virtual-list.ts";
import { formatCount, formatMany, formatRate } from "./formats.ts";
import { arrangeHubs, formatShare, type HubOrder, hubFacts, messageRate } from "./hubs.ts";
import { createFact } from "./load-panel.ts";

interface HubRow extends Item {
  readonly hub: HubOverview;
}

const filter = byId("hubs-filter", HTMLInputElement);
const order = byId("hubs-order", HTMLSelectElement);
const empty = byId("hubs-empty", HTMLElement);
const noneReported = empty.textContent;

export class HubPanel {
  readonly #picked: (hub: string) => void;
  /** Rows of one hub have one id, however often it reports. */
  #ids: ReadonlyMap<string, number> = new Map();
  #nextId = 1;
  readonly #list: VirtualList<HubRow>;
  #snapshot: OverviewSnapshot | undefined;
  #name: string | undefined;

  /**
   * @param name of the hub that is picked at first, if any.
   * @param picked is called with the name of a hub when a person picks it.
   */
  constructor(name: string | undefined, picked: (hub: string) => void) {
    this.#name = name;
    this.#picked = picked;
    const rows = byId("hubs-rows", HTMLElement);
    this.#list = new VirtualList<HubRow>(rows, createRow, () => this.#pick(), false);
    filter.addEventListener("input", () => this.#arrange());
    order.addEventListener("change", () => this.#arrange());
  }

  /** @param snapshot undefined when there is nothing to show any more. */
  show(snapshot: OverviewSnapshot | undefined): void {
    this.#snapshot = snapshot;
    const names = snapshot?.hubs.map(({ hub }) => hub) ?? [];
    this.#ids = new Map(names.map((name) => [name, this.#ids.get(name) ?? this.#nextId++]));
    this.#arrange();
    this.showFacts();
  }

  focus(): void {
    byId("hubs-rows", HTMLElement).focus();
  }

  /** Facts of the picked hub, some of which are times. */
  showFacts(): void {
    const hub = this.#snapshot?.hubs.find((each) => each.hub === this.#name);
    const words = byId("hub-empty", HTMLElement);
    words.hidden = hub !== undefined;
    setText(words, describeMissing(this.#name));
    const facts = hub ? [["Name", hub.hub] as const, ...hubFacts(hub, Date.now())] : [];
    byId("hub-facts", HTMLElement).replaceChildren(
      ...facts.map(([term, fact]) => createFact(term, ...visible(fact))),
    );
  }

  #arrange(): void {
    const { hubs = [], moreHubs = 0 } = this.#snapshot ?? {};
    const found = arrangeHubs(hubs, filter.value, order.value as HubOrder);
    const rows = found.map((hub) => ({ id: this.#ids.get(hub.hub) ?? 0, hub }));
    this.#list.mark(rows.find(({ hub }) => hub.hub === this.#name));
    this.#list.show(rows);
    byId("hubs-count", HTMLElement).textContent = describeCount(rows.length, hubs.length, moreHubs);
    empty.hidden = rows.length > 0;
    empty.textContent = hubs.length > 0 ? "Nothing matches the filter." : noneReported;
  }

  #pick(): void {
    const name = this.#list.picked?.hub.hub;
    if (name === undefined || name === this.#name) return;
    this.#name = name;
    this.showFacts();
    this.#picked(name);
  }
}

function createRow({ hub }: HubRow): HTMLElement {
  const name = create("span", "name", ...visible(hub.hub));
  if (hub.state !== "ok") name.append(create("span", "mark", hub.state));
  return create(
    "div",
    "hub-row",
    name,
    create("span", "", formatCount(hub.sockets)),
    create("span", "", formatCount(hub.channels)),
    create("span", "", formatRate(messageRate(hub))),
    create("span", "", formatShare(hub.awakeShare)),
  );
}

function describeCount(shown: number, listed: number, more: number): string {
  const all = formatMany(listed + more, "hub");
  const words = shown === listed ? all : `${formatCount(shown)} of ${all}`;
  return more === 0 ? words : `${words} · the ${formatCount(listed)} largest are listed`;
}

function describeMissing(name: string | undefined): string {
  return name === undefined
    ? "Pick a hub to see what keeps it awake."
    : `${name} has not reported lately: it sleeps, or is gone.`;
}
