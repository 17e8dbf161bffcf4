/** The messages that the page remembers: the newest ones, bounded in number and in bytes. */

import { type Direction, type Entry, type Message, toEntry } from "./message.ts";

/** What the page keeps in memory at most. */
export const LOG_LIMITS = { entries: 10_000, bytes: 64 * 1024 * 1024 } as const;

export interface LogFilter {
  /** Matched against the line shown, whatever its case. Empty matches all. */
  readonly text: string;
  readonly direction: Direction | "all";
}

export class MessageLog {
  readonly #limits: { readonly entries: number; readonly bytes: number };
  readonly #entries: Entry[] = [];
  #nextId = 1;
  #bytes = 0;
  #dropped = 0;

  constructor(limits: { readonly entries: number; readonly bytes: number } = LOG_LIMITS) {
    this.#limits = limits;
  }

  /** Oldest first. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** How many old entries had to go since the log was last cleared. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The newest entry is always kept, however large. */
  add(message: Message): Entry {
    const entry = toEntry(this.#nextId++, message);
    this.#entries.push(entry);
    this.#bytes += entry.size;
    while (this.#isTooLarge() && this.#entries.length > 1) this.#dropOldest();
    return entry;
  }

  clear(): void {
    this.#entries.length = 0;
    this.#bytes = 0;
    this.#dropped = 0;
  }

  #isTooLarge(): boolean {
    return this.#entries.length > this.#limits.entries || this.#bytes > this.#limits.bytes;
  }

  #dropOldest(): void {
    this.#bytes -= this.#entries.shift()?.size ?? 0;
    this.#dropped++;
  }
}

/** Whether an entry is let through. */
export function createFilter({ text, direction }: LogFilter): (entry: Entry) => boolean {
  const wanted = text.toLowerCase();
  return (entry) =>
    (direction === "all" || entry.direction === direction) &&
    (wanted === "" || entry.preview.toLowerCase().includes(wanted));
}
