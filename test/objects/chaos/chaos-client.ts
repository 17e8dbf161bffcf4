import type { ClientEnd, Line } from "../../support/hub-client.ts";
import { PATIENCE_MS } from "../../support/patience.ts";
import { connectEnd, type Kind } from "./chaos-end.ts";
import type { Subscriber } from "./subscriber.ts";

/** A client that subscribes to channels and publishes: it goes from hub to hub, and takes its positions along. */
export class ChaosClient {
  readonly name: string;
  readonly subscribers: readonly Subscriber[];
  /** What was broken, if anything. */
  readonly failures: unknown[] = [];
  readonly #replies = new Map<number, (line: Line | undefined) => void>();
  readonly #kind: Kind;
  #end: ClientEnd | undefined;
  #hub = "";
  #lastId = 0;
  #connections = 0;
  #isConnecting = false;
  #isConnected = false;

  constructor(name: string, kind: Kind, subscribers: readonly Subscriber[]) {
    this.name = name;
    this.#kind = kind;
    this.subscribers = subscribers;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** A name for the connection that it has now. */
  get connection(): string {
    return `${this.name} ${this.#connections}`;
  }

  get hub(): string {
    return this.#hub;
  }

  async connect(hub: string): Promise<void> {
    if (this.#isConnecting || this.#end) return;
    this.#isConnecting = true;
    try {
      await this.#open(hub);
    } finally {
      this.#isConnecting = false;
    }
  }

  async #open(hub: string): Promise<void> {
    const end = await connectEnd(this.#kind, hub);
    if (end === undefined) return;
    this.#hub = hub;
    this.#connections += 1;
    this.#end = end;
    end.addEventListener("message", ({ data }) => {
      if (this.#end === end) this.#take(String(data));
    });
    end.addEventListener("close", () => {
      if (this.#end === end) this.#gone();
    });
    const reply = await this.#request({ connect: {} });
    this.#isConnected = reply?.connect !== undefined;
  }

  /** Vanishes without a word. */
  drop(): void {
    const end = this.#end;
    this.#gone();
    try {
      end?.close(1000, "");
    } catch {
      // It has closed by itself.
    }
  }

  async enter(subscriber: Subscriber): Promise<void> {
    if (!this.#isConnected || subscriber.state !== "out") return;
    await this.#request(subscriber.command(), (line) => subscriber.replied(line));
  }

  async leave(subscriber: Subscriber): Promise<void> {
    if (!this.#isConnected || subscriber.state !== "in") return;
    subscriber.leaving();
    await this.#request({ unsubscribe: { channel: subscriber.channel } }, () => subscriber.left());
  }

  /** Publishes all of it in one frame. Returns what was acknowledged. */
  async publish(channel: string, texts: readonly string[]): Promise<string[]> {
    const replies = await Promise.all(texts.map((data) => this.#request({ publish: { channel, data } })));
    return texts.filter((_, index) => replies[index]?.publish !== undefined);
  }

  /** Resolves with the reply, or with nothing when the connection is gone first. `taken` sees it before what comes after it. */
  #request(command: Record<string, unknown>, taken?: (line: Line) => void): Promise<Line | undefined> {
    const end = this.#end;
    if (end === undefined) return Promise.resolve(undefined);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${this.name}: no reply to ${JSON.stringify(command)}`)),
        PATIENCE_MS,
      );
      this.#replies.set(id, (line) => {
        clearTimeout(timer);
        this.#replies.delete(id);
        if (line) taken?.(line);
        resolve(line);
      });
      try {
        end.send(JSON.stringify({ id, ...command }));
      } catch {
        this.#gone();
      }
    });
  }

  #take(frame: string): void {
    try {
      for (const line of frame.split("\n")) this.#takeLine(JSON.parse(line) as Line);
    } catch (failure) {
      this.failures.push(failure);
    }
  }

  #takeLine({ push, ...line }: Line): void {
    if (line.id !== undefined) this.#replies.get(line.id)?.(line);
    const subscriber = this.subscribers.find(({ channel }) => channel === push?.channel);
    if (push?.pub) subscriber?.pushed(push.pub);
    else if (push?.unsubscribe) subscriber?.interrupted();
  }

  #gone(): void {
    this.#end = undefined;
    this.#isConnected = false;
    for (const answer of [...this.#replies.values()]) answer(undefined);
    for (const subscriber of this.subscribers) subscriber.disconnected();
  }
}
