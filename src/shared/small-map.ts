/**
 * A Map that mostly has one entry, and of which there are thousands: until a second entry comes, it costs no more than
 * an object.
 */
export class SmallMap<Key extends object, Value> {
  #only: readonly [Key, Value] | undefined;
  #entries: Map<Key, Value> | undefined;

  get size(): number {
    return this.#entries?.size ?? (this.#only ? 1 : 0);
  }

  get(key: Key): Value | undefined {
    if (this.#entries) return this.#entries.get(key);
    return this.#only?.[0] === key ? this.#only[1] : undefined;
  }

  has(key: Key): boolean {
    return this.#entries?.has(key) ?? this.#only?.[0] === key;
  }

  set(key: Key, value: Value): void {
    if (this.#entries) this.#entries.set(key, value);
    else if (this.#only === undefined || this.#only[0] === key) this.#only = [key, value];
    else this.#entries = new Map([this.#only, [key, value]]);
  }

  delete(key: Key): boolean {
    if (this.#entries) return this.#entries.delete(key);
    if (this.#only?.[0] !== key) return false;
    this.#only = undefined;
    return true;
  }

  keys(): Iterable<Key> {
    return this.#entries?.keys() ?? (this.#only ? [this.#only[0]] : []);
  }

  /** In the order in which they were first set. */
  [Symbol.iterator](): Iterator<readonly [Key, Value]> {
    return (this.#entries ?? (this.#only ? [this.#only] : []))[Symbol.iterator]();
  }
}
