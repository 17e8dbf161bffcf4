/**
 * A list of rows that stays at its end while rows are added, unless somebody has scrolled away from there. However many
 * rows come at once, only so many are made in one frame, the newest first, and those that have gone by then are never made.
 */

import { redraw } from "../redraw.ts";
import { nextSlice } from "./row-slices.ts";

export class RowList<Row extends { readonly id: number }> {
  readonly #frame: HTMLElement;
  readonly #createRow: (row: Row) => HTMLElement;
  #wanted: readonly Row[] = [];
  /** What is in the document: the ids of its children. */
  readonly #shown: number[] = [];
  #isFollowing = true;

  constructor(frame: HTMLElement, createRow: (row: Row) => HTMLElement) {
    this.#frame = frame;
    this.#createRow = createRow;
    // It scrolls, and the keyboard must reach what scrolls.
    frame.tabIndex = 0;
    frame.addEventListener("scroll", () => {
      this.#isFollowing = frame.scrollTop + frame.clientHeight >= frame.scrollHeight - 24;
    });
    new ResizeObserver(() => this.#follow()).observe(frame);
  }

  /** @param rows whose ids rise; what has an id that was shown before is the same row. */
  show(rows: readonly Row[]): void {
    this.#wanted = rows;
    this.#draw();
  }

  /** Begins anew, for rows of another kind. */
  reset(): void {
    this.#frame.replaceChildren();
    this.#shown.length = 0;
    this.#isFollowing = true;
  }

  #draw = (): void => {
    const { gone, added, isComplete } = nextSlice(this.#shown, this.#wanted);
    for (let count = 0; count < gone; count += 1) this.#frame.firstElementChild?.remove();
    this.#shown.splice(0, gone);
    for (const row of added) this.#insert(row);
    if (gone > 0 || added.length > 0) this.#follow();
    if (!isComplete) redraw(this.#draw);
  };

  #insert(row: Row): void {
    const place = this.#shown.findLastIndex((id) => id < row.id) + 1;
    this.#shown.splice(place, 0, row.id);
    this.#frame.insertBefore(this.#createRow(row), this.#frame.children[place] ?? null);
  }

  #follow(): void {
    if (this.#isFollowing) this.#frame.scrollTop = this.#frame.scrollHeight;
  }
}
