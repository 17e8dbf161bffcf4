/** The log on the page: rows, filter, pause, copy and clear. */

import { byId, copyFrom, create } from "./dom.ts";
import { type Direction, type Entry, formatLine, formatSize, formatTime } from "./message.ts";
import { filterEntries, type LogFilter, type MessageLog } from "./message-log.ts";
import { VirtualList } from "./virtual-list.ts";

const ARROWS: Readonly<Record<Direction, string>> = { sent: "↑", received: "↓", note: "•" };

const filterText = byId("filter-text", HTMLInputElement);
const filterDirection = byId("filter-direction", HTMLSelectElement);
const pauseButton = byId("pause", HTMLButtonElement);
const copyButton = byId("copy", HTMLButtonElement);
const jumpButton = byId("jump", HTMLButtonElement);

export class LogView {
  readonly #log: MessageLog;
  readonly #list: VirtualList<Entry>;
  /** What the log held when it was paused. */
  #paused: { readonly entries: readonly Entry[]; readonly newestId: number } | undefined;
  #isScheduled = false;

  /** @param pick gets the entry that was chosen, or nothing when the log was cleared. */
  constructor(log: MessageLog, pick: (entry: Entry | undefined) => void) {
    this.#log = log;
    this.#list = new VirtualList(byId("log-rows", HTMLElement), createRow, () => {
      pick(this.#list.picked);
      this.update();
    });
    filterText.addEventListener("input", () => this.#list.follow());
    filterDirection.addEventListener("change", () => this.#list.follow());
    jumpButton.addEventListener("click", () => this.#list.follow());
    pauseButton.addEventListener("click", () => this.togglePause());
    copyButton.addEventListener("click", () => {
      void copyFrom(copyButton, this.#list.items.map(formatLine).join("\n"));
    });
    byId("clear", HTMLButtonElement).addEventListener("click", () => {
      if (this.#paused) this.togglePause();
      log.clear();
      this.#list.unpick();
      this.#list.follow();
    });
    this.update();
  }

  /** Says that the log has changed. However often, it is drawn once per frame. */
  update(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      this.#draw();
    });
  }

  /** Holds the rows still, or lets them go on. Messages are remembered meanwhile. */
  togglePause(): void {
    const entries = this.#log.entries.slice();
    this.#paused = this.#paused ? undefined : { entries, newestId: entries.at(-1)?.id ?? 0 };
    pauseButton.setAttribute("aria-pressed", String(this.#paused !== undefined));
    pauseButton.textContent = this.#paused ? "Resume" : "Pause";
    this.update();
  }

  #draw(): void {
    const filter = readFilter();
    const entries = this.#paused?.entries ?? this.#log.entries;
    this.#list.show(filterEntries(entries, filter).slice());
    jumpButton.hidden = this.#list.isFollowing;
    byId("log-count", HTMLElement).textContent = this.#describeCount(entries.length);
    const empty = byId("log-empty", HTMLElement);
    empty.hidden = this.#list.items.length > 0;
    empty.textContent = entries.length > 0 ? "No message matches the filter." : "No messages yet.";
  }

  #describeCount(total: number): string {
    const shown = this.#list.items.length;
    const parts = [
      shown === total ? `${count(total)} entries` : `${count(shown)} of ${count(total)} entries`,
    ];
    if (this.#paused) parts.push(`paused, ${count(this.#countSince(this.#paused.newestId))} new`);
    if (this.#log.dropped > 0) parts.push(`${count(this.#log.dropped)} older dropped`);
    return parts.join(" · ");
  }

  #countSince(id: number): number {
    return (this.#log.entries.at(-1)?.id ?? id) - id;
  }
}

function readFilter(): LogFilter {
  return { text: filterText.value, direction: filterDirection.value as LogFilter["direction"] };
}

function createRow(entry: Entry): HTMLElement {
  const row = create(
    "div",
    "entry",
    create("time", "", formatTime(entry.time)),
    create(
      "span",
      "arrow",
      ARROWS[entry.direction],
      create("span", "visually-hidden", ` ${entry.direction}`),
    ),
    create("span", "type", entry.type),
    create("span", "size", entry.direction === "note" ? "" : formatSize(entry.size)),
    create("span", "preview", entry.preview),
  );
  row.dataset.direction = entry.direction;
  row.dataset.type = entry.type;
  return row;
}

function count(value: number): string {
  return value.toLocaleString("en");
}
