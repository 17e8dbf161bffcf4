/** A list of equally high rows of which only those in sight are in the document, however many there are. */

import { create } from "./dom.ts";
import { indexAfterKey } from "./list-keys.ts";

export interface Item {
  /** The same item has the same id in all that is shown one after the other. In a list that is followed, ids rise. */
  readonly id: number;
}

const ROWS_BEYOND = 8;

/** The rows to draw: those in sight, and some beyond on both sides. `last` is excluded. */
export function rowsInSight(scrollTop: number, height: number, rowHeight: number, count: number) {
  const first = Math.floor(scrollTop / rowHeight) - ROWS_BEYOND;
  const last = Math.ceil((scrollTop + height) / rowHeight) + ROWS_BEYOND;
  return { first: Math.max(0, Math.min(first, count)), last: Math.max(0, Math.min(last, count)) };
}

/** A listbox: arrows and clicks pick an item. A log follows new items while it is scrolled to the end. */
export class VirtualList<T extends Item> {
  readonly #frame: HTMLElement;
  readonly #createRow: (item: T) => HTMLElement;
  readonly #changed: () => void;
  readonly #spacer = create("div", "spacer");
  #items: readonly T[] = [];
  #picked: T | undefined;
  readonly #isFollowed: boolean;
  #isFollowing: boolean;

  /**
   * @param changed is called when an item is picked, or following starts or ends.
   * @param isFollowed whether new items come at the end, as in a log. A list that is not followed stays where it is.
   */
  constructor(
    frame: HTMLElement,
    createRow: (item: T) => HTMLElement,
    changed: () => void,
    isFollowed = true,
  ) {
    this.#frame = frame;
    this.#createRow = createRow;
    this.#changed = changed;
    this.#isFollowed = isFollowed;
    this.#isFollowing = isFollowed;
    frame.append(this.#spacer);
    frame.addEventListener("scroll", () => this.#scrolled());
    frame.addEventListener("click", (event) => this.#clicked(event));
    frame.addEventListener("keydown", (event) => this.#keyPressed(event));
    new ResizeObserver(() => this.#draw()).observe(frame);
  }

  get items(): readonly T[] {
    return this.#items;
  }

  get picked(): T | undefined {
    return this.#picked;
  }

  /** Whether new items are scrolled into sight. */
  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** Replaces the items. What is in sight stays in sight when items went away at the front. */
  show(items: readonly T[]): void {
    const firstId = items[0]?.id ?? 0;
    const gone = this.#items.findIndex((item) => item.id >= firstId);
    this.#items = items;
    this.#resize();
    if (this.#isFollowed && !this.#isFollowing && gone > 0) this.#frame.scrollTop -= gone * this.#rowHeight();
    this.#draw();
  }

  follow(): void {
    this.#isFollowing = this.#isFollowed;
    this.#draw();
    this.#changed();
  }

  /** Has an item picked without telling so; undefined for none. */
  mark(item: T | undefined): void {
    this.#picked = item;
    this.#draw();
  }

  #resize(): void {
    this.#spacer.style.height = `${this.#items.length * this.#rowHeight()}px`;
  }

  #draw(): void {
    const rowHeight = this.#rowHeight();
    if (this.#isFollowing) this.#frame.scrollTop = this.#items.length * rowHeight;
    const { scrollTop, clientHeight } = this.#frame;
    const { first, last } = rowsInSight(scrollTop, clientHeight, rowHeight, this.#items.length);
    const rows = this.#items
      .slice(first, last)
      .map((item, index) => this.#place(item, first + index, rowHeight));
    this.#spacer.replaceChildren(...rows);
    const active = rows.find((row) => row.ariaSelected === "true");
    this.#frame.setAttribute("aria-activedescendant", active?.id ?? "");
  }

  #place(item: T, index: number, rowHeight: number): HTMLElement {
    const row = this.#createRow(item);
    row.id = `${this.#frame.id}-${item.id}`;
    row.role = "option";
    row.ariaSelected = String(item.id === this.#picked?.id);
    row.ariaSetSize = String(this.#items.length);
    row.ariaPosInSet = String(index + 1);
    row.dataset.index = String(index);
    row.style.top = `${index * rowHeight}px`;
    return row;
  }

  #pick(index: number): void {
    const item = this.#items[index];
    if (!item) return;
    this.#picked = item;
    this.#scrollIntoSight(index);
    this.#draw();
    this.#changed();
  }

  #scrollIntoSight(index: number): void {
    const top = index * this.#rowHeight();
    const bottom = top + this.#rowHeight();
    const { scrollTop, clientHeight } = this.#frame;
    if (top < scrollTop) this.#frame.scrollTop = top;
    else if (bottom > scrollTop + clientHeight) this.#frame.scrollTop = bottom - clientHeight;
    this.#isFollowing = this.#isAtEnd();
  }

  #scrolled(): void {
    const wasFollowing = this.#isFollowing;
    this.#isFollowing = this.#isAtEnd();
    // Who follows is where `#draw` has scrolled to.
    if (wasFollowing && this.#isFollowing) return;
    this.#draw();
    if (wasFollowing !== this.#isFollowing) this.#changed();
  }

  #clicked({ target }: MouseEvent): void {
    const row = target instanceof Element ? target.closest<HTMLElement>("[data-index]") : null;
    if (row) this.#pick(Number(row.dataset.index));
  }

  #keyPressed(event: KeyboardEvent): void {
    const count = this.#items.length;
    const index = this.#indexOfPicked() ?? (this.#isFollowed ? count : -1);
    const page = Math.floor(this.#frame.clientHeight / this.#rowHeight());
    const next = indexAfterKey(event.key, index, count, 1, page);
    if (next === undefined) return;
    event.preventDefault();
    this.#pick(next);
  }

  #indexOfPicked(): number | undefined {
    const id = this.#picked?.id;
    return id === undefined ? undefined : this.#items.findIndex((item) => item.id === id);
  }

  #isAtEnd(): boolean {
    if (!this.#isFollowed) return false;
    const { scrollTop, clientHeight, scrollHeight } = this.#frame;
    return scrollTop + clientHeight >= scrollHeight - this.#rowHeight() / 2;
  }

  /** The style sheet decides, so that rows can be higher where fingers use them. */
  #rowHeight(): number {
    return Number.parseFloat(getComputedStyle(this.#frame).getPropertyValue("--row-height")) || 28;
  }
}
