import { HUB_LIMITS } from "../shared/limits.ts";

/**
 * What is queued for one session alone, of all sessions of a hub. Only between turns of the event loop do sockets pass on
 * what was sent, so that a thousand long replies of one turn would be in memory at once.
 */
export class LongReplies {
  #length = 0;
  #waiting: (() => void)[] = [];

  /** Whether no long reply may be made before a flush. */
  get areTooLong(): boolean {
    return this.#length > HUB_LIMITS.repliesLength;
  }

  /** Whether somebody waits for the next turn. */
  get areAwaited(): boolean {
    return this.#waiting.length > 0;
  }

  /** Counts characters that are queued; negative: that are not any more. */
  count(length: number): void {
    this.#length += length;
  }

  /**
   * Resolves when a long reply may be made, undefined for at once. To be awaited after whatever many may have waited for
   * together: a key set, a follow, an answer of another hub.
   */
  mayBegin(): Promise<void> | undefined {
    return this.areTooLong ? this.#untilShort() : undefined;
  }

  /** Lets those go on who wait, as many as there is room for. To be called once a turn has sent what it may. */
  goOn(): void {
    if (this.areTooLong) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  async #untilShort(): Promise<void> {
    while (this.areTooLong) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
