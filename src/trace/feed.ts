import { toUtf8 } from "../shared/encodings.ts";
import { TRACE_LIMITS } from "../shared/limits.ts";
import { TokenBucket } from "../shared/token-bucket.ts";
import type { TraceEndReason } from "./messages.ts";

/** What a feed may tell, and what becomes of it. */
export interface FeedOptions {
  readonly hub: string;
  /** Events a second. */
  readonly rate: number;
  /** Called once, when it tells no more. */
  readonly onEnd: () => void;
}

/**
 * The lines of one trace at one hub, as a stream that its reader draws. Events over the rate are counted instead of told. A
 * reader that leaves too much waiting ends it.
 */
export class TraceFeed {
  readonly lines: ReadableStream<Uint8Array>;
  readonly #options: FeedOptions;
  readonly #bucket: TokenBucket;
  #waiting: string[] = [];
  #waitingLength = 0;
  #dropped = 0;
  #told = 0;
  #hasEnded = false;
  #wakeReader: (() => void) | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#bucket = new TokenBucket({ perSecond: options.rate, burst: options.rate }, Date.now());
    this.lines = new ReadableStream(
      {
        // The runtime sends no other streams to another object.
        type: "bytes",
        pull: (controller) => this.#give(controller),
        cancel: () => this.#stop(),
      },
      { highWaterMark: 0 },
    );
  }

  /** Tells an event, if the rate lets it. `line` is only asked for then: under a flood, what is dropped must cost nothing. */
  tell(line: () => string): void {
    if (this.#hasEnded) return;
    if (!this.#bucket.take(Date.now())) {
      this.#dropped += 1;
      return;
    }
    this.#tellDropped();
    this.#told += 1;
    this.#add(line());
  }

  /** Ends it. */
  end(why: TraceEndReason): void {
    if (this.#hasEnded) return;
    this.#tellDropped();
    this.#add(JSON.stringify({ line: "end", why, events: this.#told }));
    this.#stop();
  }

  /** Writes an empty line: that the reader of another object has gone shows with what is written only (workerd 1.20261117.1). */
  probe(): void {
    if (!this.#hasEnded && this.#waiting.length === 0) this.#add("");
  }

  #tellDropped(): void {
    if (this.#dropped === 0) return;
    this.#add(JSON.stringify({ line: "dropped", hub: this.#options.hub, count: this.#dropped }));
    this.#dropped = 0;
  }

  #add(line: string): void {
    if (this.#hasEnded) return;
    this.#waiting.push(line);
    this.#waitingLength += line.length + 1;
    if (this.#waitingLength > TRACE_LIMITS.backlogLength) this.#giveUp();
    this.#wakeReader?.();
  }

  /** The reader gets to know why, if it ever goes on reading. */
  #giveUp(): void {
    this.#waiting = [];
    this.#waitingLength = 0;
    this.end("slow_reader");
  }

  #stop(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#wakeReader?.();
    this.#options.onEnd();
  }

  async #give(controller: ReadableByteStreamController): Promise<void> {
    if (this.#waiting.length === 0 && !this.#hasEnded)
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    this.#wakeReader = undefined;
    if (this.#waiting.length > 0) controller.enqueue(toUtf8(`${this.#waiting.join("\n")}\n`));
    this.#waiting = [];
    this.#waitingLength = 0;
    if (!this.#hasEnded) return;
    controller.close();
    // A reader that brings its own buffer waits for it to come back (Streams standard, close of a byte stream).
    controller.byobRequest?.respond(0);
  }
}
