import type { LoadChannel } from "./channel.ts";
import type { Measurements } from "./measurements.ts";
import { stamped } from "./plan.ts";

/** Publishes once, and rejects where that failed. */
export type Publish = (channel: string, data: string) => Promise<{ readonly offset?: number | undefined }>;

/** Publications without an answer beyond which no more are begun: a gateway that hangs must not fill the memory here. */
const MOST_UNANSWERED = 10_000;

/** Publishes to the channels of a run in turn. */
export class Publisher {
  readonly #channels: readonly LoadChannel[];
  readonly #size: number;
  readonly #publish: Publish;
  readonly #measured: Measurements;
  #due = 0;
  #unanswered = 0;

  constructor(channels: readonly LoadChannel[], size: number, publish: Publish, measured: Measurements) {
    this.#channels = channels;
    this.#size = size;
    this.#publish = publish;
    this.#measured = measured;
  }

  get unanswered(): number {
    return this.#unanswered;
  }

  /** Begins what is due of `due` publications since the start. */
  advance(due: number): void {
    for (; this.#due < due; this.#due += 1) {
      const channel = this.#channels[this.#due % this.#channels.length];
      if (channel === undefined || this.#unanswered >= MOST_UNANSWERED) this.#measured.heldBack += 1;
      else void this.#begin(channel);
    }
  }

  async #begin(channel: LoadChannel): Promise<void> {
    channel.begun += 1;
    const stamp = { n: channel.begun, t: performance.now() };
    this.#measured.sent += 1;
    this.#unanswered += 1;
    try {
      const { offset = 0 } = await this.#publish(channel.name, stamped(stamp, this.#size));
      this.#measured.acknowledged += 1;
      this.#measured.publishing.record(performance.now() - stamp.t);
      channel.acknowledge();
      channel.seeOffset(offset);
    } catch (error) {
      channel.fail(stamp.n);
      this.#measured.failedPublishes.add(nameOf(error));
    } finally {
      this.#unanswered -= 1;
    }
  }
}

function nameOf(error: unknown): string {
  const { code, message } = error as { code?: number; message?: string };
  return [code, message].filter((part) => part !== undefined).join(" ");
}
