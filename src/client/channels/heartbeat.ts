/** What the frames tell of pings and pongs. Times are milliseconds on one clock. */

import type { FrameLine } from "./protocol-frame.ts";

export class Heartbeat {
  /** Seconds between two pings, as the connect reply announces them; 0 for none. */
  #interval = 0;
  #pingedAt: number | undefined;
  #pongedAt: number | undefined;
  #roundTrip: number | undefined;

  /** Returns the milliseconds that the answer to a pong took, for a line that is one. */
  read(direction: "sent" | "received", { kind, body }: FrameLine, now: number): number | undefined {
    if (kind === "connect" && direction === "received") {
      this.reset();
      this.#interval = typeof body.ping === "number" ? body.ping : 0;
    }
    if (kind === "ping") this.#pingedAt = now;
    if (kind === "pong") this.#pongedAt = now;
    if (kind !== "ack" || this.#pongedAt === undefined) return undefined;
    this.#roundTrip = now - this.#pongedAt;
    return this.#roundTrip;
  }

  reset(): void {
    this.#interval = 0;
    this.#pingedAt = undefined;
    this.#pongedAt = undefined;
    this.#roundTrip = undefined;
  }

  /** Such as `every 25 s · last 4 s ago · 8 ms`. */
  describe(now: number): string {
    if (this.#interval === 0) return "–";
    const parts = [`every ${this.#interval} s`];
    if (this.#pingedAt === undefined) parts.push("none yet");
    else parts.push(`last ${Math.floor((now - this.#pingedAt) / 1_000)} s ago`);
    if (this.#roundTrip !== undefined) parts.push(`${Math.max(1, Math.round(this.#roundTrip))} ms`);
    return parts.join(" · ");
  }
}
