import type { Entry } from "./message.ts";

/** The entries that a filter lets through. Each entry is looked at once, until the filter changes. */
export class FilteredEntries {
  #entries: Entry[] = [];
  #newestId = 0;

  /**
   * @param entries of one log, of which some at the front may have gone since.
   * @param isWanted the same filter as before, unless there was a `reset`.
   */
  update(entries: readonly Entry[], isWanted: (entry: Entry) => boolean): readonly Entry[] {
    const oldest = entries[0]?.id ?? Number.POSITIVE_INFINITY;
    const kept = this.#entries.findIndex(({ id }) => id >= oldest);
    this.#entries = kept < 0 ? [] : this.#entries.slice(kept);
    for (const entry of this.#added(entries)) if (isWanted(entry)) this.#entries.push(entry);
    this.#newestId = Math.max(this.#newestId, entries.at(-1)?.id ?? 0);
    return this.#entries;
  }

  /** For another filter. */
  reset(): void {
    this.#entries = [];
    this.#newestId = 0;
  }

  #added(entries: readonly Entry[]): readonly Entry[] {
    const known = entries.findLastIndex(({ id }) => id <= this.#newestId);
    return entries.slice(known + 1);
  }
}
