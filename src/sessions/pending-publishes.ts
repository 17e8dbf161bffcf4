/** What one session has published and has not been answered for, by channel. */
export class PendingPublishes {
  readonly #counts = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();

  begin(channel: string): void {
    this.#counts.set(channel, (this.#counts.get(channel) ?? 0) + 1);
  }

  /** One of them has been answered. */
  end(channel: string): void {
    const left = (this.#counts.get(channel) ?? 0) - 1;
    if (left > 0) {
      this.#counts.set(channel, left);
      return;
    }
    this.#counts.delete(channel);
    if (this.#waiting.size === 0) return;
    const waiting = this.#waiting.get(channel) ?? [];
    this.#waiting.delete(channel);
    for (const resolve of waiting) resolve();
  }

  /** Resolves when all of a channel are answered; undefined when there are none. */
  whenAnswered(channel: string): Promise<void> | undefined {
    if (!this.#counts.has(channel)) return undefined;
    const waiting = this.#waiting.get(channel) ?? [];
    this.#waiting.set(channel, waiting);
    return new Promise((resolve) => waiting.push(resolve));
  }
}
