/** How often each of a few things happened. Names beyond the first 50 are counted together: some come from a server. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string | number): void {
    const key = this.#counts.has(`${name}`) || this.#counts.size < 50 ? `${name}` : "others";
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }
}
