import type { ClientEnd, Closing } from "./client-end.ts";
import { clearTimeout, setTimeout } from "./watch/originals.ts";

/** Milliseconds after which what has not come is given up. */
export type Patience = () => number;

/** What has arrived at a client's end: it waits until a test asks for it. */
export class Inbox<Item> {
  readonly #patience: Patience;
  readonly #items: Item[] = [];
  readonly #waiting = new Set<() => void>();
  #closing: Closing | undefined;

  /**
   * @param read The items of a frame.
   * @param patience For how long to wait, asked when the waiting begins.
   */
  constructor(socket: ClientEnd, read: (frame: string | ArrayBuffer) => readonly Item[], patience: Patience) {
    this.#patience = patience;
    socket.addEventListener("message", ({ data }) => {
      this.#items.push(...read(data as string | ArrayBuffer));
      this.#notify();
    });
    socket.addEventListener("close", ({ code, reason }) => {
      this.#closing = { code, reason };
      this.#notify();
    });
  }

  /** What has arrived and was not asked for. */
  get items(): readonly Item[] {
    return this.#items;
  }

  /** How the connection has ended; undefined while it is open. */
  get closing(): Closing | undefined {
    return this.#closing;
  }

  /**
   * Takes the first item that is meant, and leaves the others.
   *
   * @throws Error that says what else has come, when it does not come in time or the connection ends before.
   */
  take(isMeant: (item: Item) => boolean, what: string): Promise<Item> {
    return this.#until(() => {
      const index = this.#items.findIndex(isMeant);
      if (index >= 0) return this.#items.splice(index, 1)[0];
      if (this.#closing) throw new Error(`closed with ${JSON.stringify(this.#closing)}, waiting for ${what}`);
      return undefined;
    }, what);
  }

  /** @throws Error when the connection does not end in time. */
  closed(): Promise<Closing> {
    return this.#until(() => this.#closing, "a close");
  }

  /** Looks at once, and whenever something has come. */
  async #until<Found>(look: () => Found | undefined, what: string): Promise<Found> {
    const patience = this.#patience();
    const deadline = performance.now() + patience;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      const remaining = deadline - performance.now();
      if (remaining <= 0)
        throw new Error(`waited ${Math.round(patience)} ms for ${what}, have ${this.#listed}`);
      await this.#change(remaining);
    }
  }

  async #change(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    this.#waiting.add(resolve);
    await promise;
    this.#waiting.delete(resolve);
    clearTimeout(timer);
  }

  #notify(): void {
    for (const resolve of this.#waiting) resolve();
  }

  get #listed(): string {
    return JSON.stringify(this.#items).slice(0, 500);
  }
}
