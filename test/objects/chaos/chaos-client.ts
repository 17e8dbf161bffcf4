import { env } from "cloudflare:workers";
import { channelRequest, type Line } from "../../support/hub-client.ts";
import { PATIENCE_MS } from "../../support/patience.ts";
import type { Subscriber } from "./subscriber.ts";

/** A client that subscribes to channels and publishes: it goes from hub to hub, and takes its positions along. */
export class ChaosClient {
  readonly name: string;
  readonly subscribers: readonly Subscriber[];
  /** What was broken, if anything. */
  readonly failures: unknown[] = [];
  readonly #replies = new Map<number, (line: Line | undefined) => void>();
  #socket: WebSocket | undefined;
  #hub = "";
  #lastId = 0;
  #connections = 0;
  #isConnecting = false;
  #isConnected = false;

  constructor(name: string, subscribers: readonly Subscriber[]) {
    this.name = name;
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
    if (this.#isConnecting || this.#socket) return;
    this.#isConnecting = true;
    try {
      await this.#open(hub);
    } finally {
      this.#isConnecting = false;
    }
  }

  async #open(hub: string): Promise<void> {
    const { webSocket } = await env.HUB.getByName(hub).fetch(channelRequest());
    if (webSocket === null) return;
    this.#hub = hub;
    this.#connections += 1;
    this.#socket = webSocket;
    webSocket.addEventListener("message", ({ data }) => {
      if (this.#socket === webSocket) this.#take(String(data));
    });
    webSocket.addEventListener("close", () => {
      if (this.#socket === webSocket) this.#gone();
    });
    webSocket.accept();
    const reply = await this.#request({ connect: {} });
    this.#isConnected = reply?.connect !== undefined;
  }

  /** Vanishes without a word. */
  drop(): void {
    const socket = this.#socket;
    this.#gone();
    try {
      socket?.close(1000, "");
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

  /** Resolves with the reply, or with nothing when the socket is gone first. `taken` sees it before what comes after it. */
  #request(command: Record<string, unknown>, taken?: (line: Line) => void): Promise<Line | undefined> {
    const socket = this.#socket;
    if (socket === undefined) return Promise.resolve(undefined);
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
        socket.send(JSON.stringify({ id, ...command }));
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
    this.#socket = undefined;
    this.#isConnected = false;
    for (const answer of [...this.#replies.values()]) answer(undefined);
    for (const subscriber of this.subscribers) subscriber.disconnected();
  }
}
