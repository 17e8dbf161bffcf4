/**
 * How many connections each user has on each hub, as far as one place knows. It is told of every connection that comes,
 * and of one that goes only when it asks: the counts are never too small, and may be too large.
 */
export class UserCounts {
  readonly #hubsOf = new Map<string, Map<string, number>>();

  /** Users that are counted. */
  get size(): number {
    return this.#hubsOf.size;
  }

  set(user: string, hub: string, count: number): void {
    const hubs = this.#hubsOf.get(user) ?? new Map<string, number>();
    if (count > 0) this.#hubsOf.set(user, hubs.set(hub, count));
    else if (hubs.delete(hub) && hubs.size === 0) this.#hubsOf.delete(user);
  }

  total(user: string): number {
    let total = 0;
    for (const count of this.#hubsOf.get(user)?.values() ?? []) total += count;
    return total;
  }

  /** The hubs that have connections of a user. */
  hubsOf(user: string): string[] {
    return [...(this.#hubsOf.get(user)?.keys() ?? [])];
  }

  clear(): void {
    this.#hubsOf.clear();
  }
}
