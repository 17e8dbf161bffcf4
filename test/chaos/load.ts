import { Centrifuge, type Subscription } from "centrifuge";
import WebSocket from "ws";
import { PATIENCE_MS } from "../support/patience.ts";

interface RawLine {
  readonly subscribe?: { readonly recovered?: boolean; readonly publications?: readonly unknown[] };
}

/** Where a client connects, and by what. */
export interface Way {
  readonly transport: "websocket" | "http_stream";
  /** `127.0.0.1:<port>` */
  readonly host: string;
  /** The channel at whose home it is placed; an edge hub for none. */
  readonly home?: string;
}

/** A client of the official SDK, that comes back after so many milliseconds. */
function createClient(
  { transport, host, home }: Way,
  delay: number,
  onLine: (line: RawLine) => void = () => {},
): Centrifuge {
  const query = home === undefined ? "" : `?channel=${encodeURIComponent(home)}`;
  const scheme = transport === "websocket" ? "ws" : "http";
  const endpoint = `${scheme}://${host}/connection/${transport}${query}`;
  class WatchedSocket extends WebSocket {
    constructor(address: string) {
      super(address);
      this.on("message", (frame) => {
        for (const line of String(frame).split("\n")) onLine(JSON.parse(line) as RawLine);
      });
    }
  }
  return new Centrifuge(transport === "websocket" ? endpoint : [{ transport, endpoint }], {
    websocket: WatchedSocket,
    emulationEndpoint: `http://${host}/emulation`,
    minReconnectDelay: delay,
    maxReconnectDelay: delay,
    timeout: PATIENCE_MS,
  });
}

/** Publishes one numbered text after the other, as long as it is let. */
export class Publisher {
  readonly #client: Centrifuge;
  readonly #name: string;
  readonly #acknowledged: string[] = [];
  #count = 0;
  #isStopped = false;

  constructor(name: string, way: Way) {
    this.#name = name;
    this.#client = createClient(way, 20);
    this.#client.connect();
  }

  get acknowledged(): readonly string[] {
    return this.#acknowledged;
  }

  get published(): number {
    return this.#count;
  }

  /** `interval` is in milliseconds. Nothing is ever sent twice: it may have been stored although nobody said so. */
  async run(channel: string, interval: number): Promise<void> {
    while (!this.#isStopped) {
      await this.#client.ready();
      const text = `${this.#name} ${this.#count}`;
      this.#count += 1;
      await this.#client.publish(channel, text).then(
        () => this.#acknowledged.push(text),
        () => {},
      );
      await new Promise((resolve) => setTimeout(resolve, interval));
    }
    this.#client.disconnect();
  }

  stop(): void {
    this.#isStopped = true;
  }
}

/** Subscribes, and keeps everything that it is given. */
export class Listener {
  readonly texts: string[] = [];
  /** What it was given out of turn: an offset that does not follow the one before. */
  readonly outOfTurn: string[] = [];
  readonly #client: Centrifuge;
  readonly #subscription: Subscription;
  #offset = 0;
  #recovered = 0;
  #unrecovered = 0;
  #interruptions = 0;

  /** `delay`: milliseconds until it comes back. */
  constructor(way: Way, channel: string, delay: number) {
    this.#client = createClient(way, delay, ({ subscribe }) => {
      this.#recovered += subscribe?.publications?.length ?? 0;
    });
    this.#subscription = this.#client.newSubscription(channel);
    this.#subscription.on("subscribed", ({ wasRecovering, recovered }) => {
      if (wasRecovering && !recovered) this.#unrecovered += 1;
    });
    this.#subscription.on("subscribing", () => {
      this.#interruptions += 1;
    });
    this.#subscription.on("publication", ({ offset = 0, data }) => {
      if (offset !== this.#offset + 1) this.outOfTurn.push(`${offset} after ${this.#offset}`);
      this.#offset = offset;
      this.texts.push(String(data));
    });
  }

  get offset(): number {
    return this.#offset;
  }

  /** Publications that came with the reply to a subscribe. */
  get recovered(): number {
    return this.#recovered;
  }

  get unrecovered(): number {
    return this.#unrecovered;
  }

  get interruptions(): number {
    return this.#interruptions;
  }

  async start(): Promise<void> {
    this.#client.connect();
    this.#subscription.subscribe();
    await this.#subscription.ready();
  }

  /** Everything that the channel has stored. */
  async history(): Promise<string[]> {
    const texts: string[] = [];
    for (;;) {
      const { epoch } = await this.#subscription.history({ limit: 0 });
      const page = await this.#subscription.history({ limit: 300, since: { offset: texts.length, epoch } });
      if (page.publications.length === 0) return texts;
      for (const { data } of page.publications) texts.push(String(data));
    }
  }

  stop(): void {
    this.#client.disconnect();
  }
}
