interface Pending {
  count: number;
  readonly waiting: (() => void)[];
}

/** What one session has published and has not been answered for, by channel. */
export class PendingPublishes {
  readonly #channels = new Map<string, Pending>();

  begin(channel: string): void {
    const pending = this.#channels.get(channel);
    if (pending) pending.count += 1;
    else this.#channels.set(channel, { count: 1, waiting: [] });
  }

  /** One of them has been answered. */
  end(channel: string): void {
    const pending = this.#channels.get(channel);
    if (pending === undefined) return;
    pending.count -= 1;
    if (pending.count > 0) return;
    this.#channels.delete(channel);
    for (const resolve of pending.waiting) resolve();
  }

  /** Resolves when all of a channel that have begun by now are answered; undefined when there are none. */
  whenAnswered(channel: string): Promise<void> | undefined {
    const pending = this.#channels.get(channel);
    return pending && new Promise((resolve) => pending.waiting.push(resolve));
  }
}
