import { until } from "./until.ts";

/** A push as a listener hears it. */
export interface BarePush {
  readonly connect?: Readonly<Record<string, unknown>>;
  readonly channel?: string;
  readonly subscribe?: Readonly<Record<string, unknown>>;
  readonly pub?: { readonly data: unknown; readonly offset?: number };
  readonly [kind: string]: unknown;
}

/** Reads the pushes of a unidirectional stream, lines or events, without pings. */
export class StreamReader {
  /** Everything that has come. */
  readonly pushes: BarePush[] = [];
  /** As an `EventSource` would send it when it comes back. */
  lastEventId = "";
  isOver = false;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #read = 0;

  constructor({ body }: Response) {
    if (body === null) throw new Error("no body");
    this.#reader = body.getReader();
    void this.#run();
  }

  /** The next one. */
  async next(): Promise<BarePush> {
    await until(() => this.pushes.length > this.#read || this.isOver, "a push");
    const push = this.pushes[this.#read];
    if (push === undefined) throw new Error("the stream is over");
    this.#read += 1;
    return push;
  }

  /** The channels that it is subscribed to, in order. */
  get subscribed(): string[] {
    return this.pushes.flatMap(({ channel, subscribe }) => (subscribe && channel ? [channel] : []));
  }

  async untilSubscribed(times = 1): Promise<void> {
    await until(() => this.subscribed.length >= times, `${times} subscriptions`);
    this.#read = this.pushes.length;
  }

  /** What was published in a channel, in the order in which it came. */
  publicationsOf(channel: string): unknown[] {
    return this.pushes.flatMap((push) => (push.pub && push.channel === channel ? [push.pub.data] : []));
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel();
  }

  async #run(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { done, value } = await this.#reader.read().catch(() => ({ done: true, value: undefined }));
      if (done || value === undefined) break;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#take(line);
    }
    this.isOver = true;
  }

  #take(line: string): void {
    if (line.startsWith("id: ")) this.lastEventId = line.slice("id: ".length);
    const json = line.replace(/^data: /, "");
    if (json.startsWith("{") && json !== "{}") this.pushes.push(JSON.parse(json) as BarePush);
  }
}
