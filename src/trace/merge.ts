import { toUtf8 } from "../shared/encodings.ts";
import { TRACE_LIMITS } from "../shared/limits.ts";
import type { TraceEnd, TraceEndReason, TraceHub, TraceLine } from "./messages.ts";

/** How the lines of a hub begin that tell an event, or end its part. */
const EVENT = '{"line":"event"';
const END = '{"line":"end"';

/**
 * The lines of several hubs as one stream of JSON lines. It reads from the hubs only as fast as it is read itself, so what its
 * reader leaves waits at the hubs, which end it when that is too much.
 */
export class TraceMerge {
  readonly body: ReadableStream<Uint8Array>;
  readonly #onEnd: () => void;
  readonly #readers = new Map<string, ReadableStreamDefaultReader<Uint8Array>>();
  #waiting: string[] = [];
  #output = 0;
  #events = 0;
  #hasEnded = false;
  #isClosed = false;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** Whether the reader waits for something. */
  #isWanted = false;
  #whenTaken: (() => void)[] = [];

  /** `onEnd` is called once, when it is over or nobody reads any more. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => {
          this.#isWanted = true;
          this.#give();
        },
        cancel: () => {
          this.#isClosed = true;
          this.#stop();
        },
      },
      { highWaterMark: 0 },
    );
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The hubs that tell something. */
  get hubs(): ReadonlySet<string> {
    return new Set(this.#readers.keys());
  }

  /** Writes a line of its own. */
  write(line: TraceLine): void {
    this.#add(JSON.stringify(line));
  }

  /** Writes an empty line where nothing waits: whether the reader is still there shows with what is written only. */
  probe(): void {
    if (this.#waiting.length === 0) this.#add("");
  }

  /** Takes in what a hub tells. */
  add(hub: string, lines: ReadableStream<Uint8Array>): void {
    const reader = lines.getReader();
    this.#readers.set(hub, reader);
    this.#pump(reader).then(
      () => this.#left(hub, "left"),
      () => this.#left(hub, "failed"),
    );
  }

  /** Ends it: the last line says why. */
  end(why: TraceEndReason): void {
    if (this.#hasEnded) return;
    this.write({ line: "end", why, events: this.#events });
    this.#stop();
    this.#give();
  }

  async #pump(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    while (!this.#hasEnded) {
      const { done, value } = await reader.read();
      if (done) return;
      // Bytes arrive in other pieces than those in which the hub has written them.
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#take(line);
      await this.#taken();
    }
  }

  #take(line: string): void {
    if (line === "" || this.#hasEnded) return;
    if (line.startsWith(END)) {
      const { why } = JSON.parse(line) as TraceEnd;
      // A hub whose time is over has outlived the trace. Every other reason ends all of it.
      if (why !== "time") this.end(why);
      return;
    }
    if (line.startsWith(EVENT)) this.#events += 1;
    this.#add(line);
    if (this.#output > TRACE_LIMITS.output) this.end("output");
  }

  #left(hub: string, state: TraceHub["state"]): void {
    if (!this.#readers.delete(hub) || this.#hasEnded) return;
    this.write({ line: "hub", hub, state });
  }

  #add(line: string): void {
    if (this.#hasEnded) return;
    this.#waiting.push(line);
    this.#output += line.length + 1;
    this.#give();
  }

  #give(): void {
    const controller = this.#controller;
    if (controller === undefined || this.#isClosed) return;
    if (this.#isWanted && this.#waiting.length > 0) {
      this.#isWanted = false;
      const text = `${this.#waiting.join("\n")}\n`;
      this.#waiting = [];
      controller.enqueue(toUtf8(text));
      for (const taken of this.#whenTaken.splice(0)) taken();
    }
    if (!this.#hasEnded || this.#waiting.length > 0) return;
    this.#isClosed = true;
    controller.close();
  }

  /** Resolves when nothing waits. */
  #taken(): Promise<void> | undefined {
    if (this.#waiting.length === 0) return undefined;
    return new Promise((resolve) => {
      this.#whenTaken.push(resolve);
    });
  }

  #stop(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const taken of this.#whenTaken.splice(0)) taken();
    for (const reader of this.#readers.values()) reader.cancel().catch(() => {});
    this.#readers.clear();
    this.#onEnd();
  }
}
