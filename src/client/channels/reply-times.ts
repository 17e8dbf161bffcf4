/** How long the gateway takes to answer commands. Times are milliseconds on one clock. */

import type { FrameLine } from "./protocol-frame.ts";

const PENDING_MAX = 1_000;

export class ReplyTimes {
  readonly #sentAt = new Map<number, number>();

  /** Milliseconds that the reply took, for a line that is one. */
  read(direction: "sent" | "received", { id }: FrameLine, now: number): number | undefined {
    if (id === undefined) return undefined;
    if (direction === "sent") {
      this.#sentAt.set(id, now);
      if (this.#sentAt.size > PENDING_MAX) this.#sentAt.delete(this.#sentAt.keys().next().value ?? id);
      return undefined;
    }
    const sentAt = this.#sentAt.get(id);
    this.#sentAt.delete(id);
    return sentAt === undefined ? undefined : now - sentAt;
  }

  /** Forgets what has not been answered, because its connection is gone. */
  reset(): void {
    this.#sentAt.clear();
  }
}
