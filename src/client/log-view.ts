/** The log on the page: rows, filter, pause, copy and clear. */

import { byId, copyFrom, create, visible } from "./dom.ts";
import { FilteredEntries } from "./filtered-entries.ts";
import { type Direction, type Entry, formatLine, formatSize, formatTime } from "./message.ts";
import { createFilter, type LogFilter, type MessageLog } from "./message-log.ts";
import { redraw } from "./redraw.ts";
import { VirtualList } from "./virtual-list.ts";

const ARROWS: Readonly<Record<Direction, string>> = { sent: "↑", received: "↓", note: "•" };

export interface LogViewOptions {
  /** What the ids of its elements begin with, where the page has more than one log. */
  readonly prefix?: string;
  /** Which entries are not shown at all, whatever the filter. */
  readonly isHidden?: (entry: Entry) => boolean;
}

export class LogView {
  readonly #log: MessageLog;
  readonly #parts: LogParts;
  readonly #list: VirtualList<Entry>;
  readonly #isHidden: (entry: Entry) => boolean;
  readonly #filtered = new FilteredEntries();
  readonly #emptyText: string;
  /** What the log held when it was paused. */
  #paused: { readonly entries: readonly Entry[]; readonly newestId: number } | undefined;

  /** @param pick gets the entry that was chosen, or nothing when the log was cleared. */
  constructor(log: MessageLog, pick: (entry: Entry | undefined) => void, options: LogViewOptions = {}) {
    this.#log = log;
    this.#parts = findParts(options.prefix ?? "");
    this.#isHidden = options.isHidden ?? (() => false);
    this.#emptyText = this.#parts.empty.textContent;
    this.#list = new VirtualList(this.#parts.rows, createRow, () => {
      pick(this.#list.picked);
      this.update();
    });
    const { text, direction, jump, pause, copy, clear } = this.#parts;
    text.addEventListener("input", () => this.filterAgain());
    direction.addEventListener("change", () => this.filterAgain());
    jump.addEventListener("click", () => this.#list.follow());
    pause.addEventListener("click", () => this.togglePause());
    copy.addEventListener("click", () => {
      void copyFrom(copy, this.#list.items.map(formatLine).join("\n"));
    });
    clear.addEventListener("click", () => this.#clear());
    this.update();
  }

  /** Says that the log has changed. */
  update(): void {
    redraw(this.#draw);
  }

  /** Says that other entries are wanted, or hidden, than before. */
  filterAgain(): void {
    this.#filtered.reset();
    this.#list.follow();
  }

  /** Holds the rows still, or lets them go on. Messages are remembered meanwhile. */
  togglePause(): void {
    const entries = this.#log.entries.slice();
    this.#paused = this.#paused ? undefined : { entries, newestId: entries.at(-1)?.id ?? 0 };
    this.#parts.pause.setAttribute("aria-pressed", String(this.#paused !== undefined));
    this.#parts.pause.textContent = this.#paused ? "Resume" : "Pause";
    this.update();
  }

  #clear(): void {
    if (this.#paused) this.togglePause();
    this.#log.clear();
    this.#list.mark(undefined);
    this.#list.follow();
  }

  #draw = (): void => {
    const entries = this.#paused?.entries ?? this.#log.entries;
    const { jump, count, empty } = this.#parts;
    this.#list.show(this.#filter(entries).slice());
    jump.hidden = this.#list.isFollowing;
    count.textContent = this.#describeCount(entries.length);
    empty.hidden = this.#list.items.length > 0;
    empty.textContent = entries.length > 0 ? "Nothing matches the filter." : this.#emptyText;
  };

  #filter(entries: readonly Entry[]): readonly Entry[] {
    const isWanted = createFilter(readFilter(this.#parts));
    return this.#filtered.update(entries, (entry) => isWanted(entry) && !this.#isHidden(entry));
  }

  #describeCount(total: number): string {
    const shown = this.#list.items.length;
    const entries = `${write(total)} ${total === 1 ? "entry" : "entries"}`;
    const parts = [shown === total ? entries : `${write(shown)} of ${entries}`];
    if (this.#paused) parts.push(`paused, ${write(this.#countSince(this.#paused.newestId))} new`);
    if (this.#log.dropped > 0) parts.push(`${write(this.#log.dropped)} older dropped`);
    return parts.join(" · ");
  }

  #countSince(id: number): number {
    return (this.#log.entries.at(-1)?.id ?? id) - id;
  }
}

interface LogParts {
  readonly text: HTMLInputElement;
  readonly direction: HTMLSelectElement;
  readonly pause: HTMLButtonElement;
  readonly copy: HTMLButtonElement;
  readonly clear: HTMLButtonElement;
  readonly jump: HTMLButtonElement;
  readonly rows: HTMLElement;
  readonly empty: HTMLElement;
  readonly count: HTMLElement;
}

function findParts(prefix: string): LogParts {
  return {
    text: byId(`${prefix}filter-text`, HTMLInputElement),
    direction: byId(`${prefix}filter-direction`, HTMLSelectElement),
    pause: byId(`${prefix}pause`, HTMLButtonElement),
    copy: byId(`${prefix}copy`, HTMLButtonElement),
    clear: byId(`${prefix}clear`, HTMLButtonElement),
    jump: byId(`${prefix}jump`, HTMLButtonElement),
    rows: byId(`${prefix}log-rows`, HTMLElement),
    empty: byId(`${prefix}log-empty`, HTMLElement),
    count: byId(`${prefix}log-count`, HTMLElement),
  };
}

function readFilter({ text, direction }: LogParts): LogFilter {
  return { text: text.value, direction: direction.value as LogFilter["direction"] };
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
    create("span", "type", ...visible(entry.label ?? entry.type)),
    create("span", "size", entry.direction === "note" ? "" : formatSize(entry.size)),
    create("span", "preview", ...visible(entry.preview)),
  );
  row.dataset.direction = entry.direction;
  row.dataset.type = entry.type;
  if (entry.label) row.dataset.label = entry.label;
  return row;
}

function write(value: number): string {
  return value.toLocaleString("en");
}
