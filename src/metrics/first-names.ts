/**
 * Adds up counts by name, and keeps the first names in order, as many as fit into a page. Memory never holds more than
 * four pages, however many names there are.
 */
export class FirstNames {
  readonly #after: string;
  readonly #limit: number;
  readonly #counts = new Map<string, number>();
  /** Names from this one on are beyond the page; undefined until the first cut. */
  #end: string | undefined;

  constructor(after: string, limit: number) {
    this.#after = after;
    this.#limit = limit;
  }

  add(name: string, count: number): void {
    if (name <= this.#after || (this.#end !== undefined && name >= this.#end)) return;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
    if (this.#counts.size >= this.#limit * 4) this.#cut();
  }

  /** The first names and their counts. */
  page(): [string, number][] {
    this.#cut();
    return this.#sorted();
  }

  #cut(): void {
    const surplus = this.#sorted().slice(this.#limit);
    const [first] = surplus;
    if (first === undefined) return;
    this.#end = first[0];
    for (const [name] of surplus) this.#counts.delete(name);
  }

  #sorted(): [string, number][] {
    return [...this.#counts].sort(([one], [other]) => (one < other ? -1 : 1));
  }
}
