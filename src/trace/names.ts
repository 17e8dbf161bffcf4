/** A name, and how many events have it. */
export interface KeptName {
  readonly text: string;
  uses: number;
}

/** Bytes that a name takes besides its characters, of which each may take two: its text, its uses, its place in a map. */
const NAME_BYTES = 100;

/** The names of channels and methods that events have, each of them once. */
export class KeptNames {
  readonly #names = new Map<string, KeptName>();
  #size = 0;

  /** About how many bytes of memory they take. */
  get size(): number {
    return this.#size;
  }

  /** Counts one more use of a name. */
  take(text: string): KeptName {
    const known = this.#names.get(text);
    if (known !== undefined) {
      known.uses += 1;
      return known;
    }
    const name = { text: copyOf(text), uses: 1 };
    this.#names.set(name.text, name);
    this.#size += sizeOf(text);
    return name;
  }

  /** Counts one use less. */
  release(name: KeptName): void {
    name.uses -= 1;
    if (name.uses > 0) return;
    this.#names.delete(name.text);
    this.#size -= sizeOf(name.text);
  }
}

/** V8 makes a text that is cut out of another one a reference into it: a name would keep its whole frame in memory. */
function copyOf(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}

function sizeOf(text: string): number {
  return NAME_BYTES + 2 * text.length;
}
