import { Centrifuge, type Subscription } from "centrifuge";
import { Centrifuge as Protobuf } from "centrifuge/build/protobuf";
import WebSocket from "ws";
import { PATIENCE_MS } from "../support/patience.ts";

/** More digits than a double holds. */
export const DIGITS = "12345678901234567890";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Where a client connects, and by what. */
export interface Way {
  readonly transport: "websocket" | "http_stream";
  readonly encoding: "json" | "protobuf";
  /** `127.0.0.1:<port>` */
  readonly host: string;
  /** The channel at whose home it is placed; an edge hub for none. */
  readonly home?: string;
}

/** A client of the official SDK, that comes back after so many milliseconds. */
function createClient(
  { transport, encoding, host, home }: Way,
  delay: number,
  onFrame: (text: string) => void = () => {},
): Centrifuge {
  const query = home === undefined ? "" : `?channel=${encodeURIComponent(home)}`;
  const scheme = transport === "websocket" ? "ws" : "http";
  const endpoint = `${scheme}://${host}/connection/${transport}${query}`;
  class WatchedSocket extends WebSocket {
    constructor(address: string, protocols?: string) {
      super(address, protocols);
      this.on("message", (frame, isBinary) => {
        if (!isBinary) onFrame(String(frame));
      });
    }
  }
  const Sdk = encoding === "protobuf" ? (Protobuf as unknown as typeof Centrifuge) : Centrifuge;
  return new Sdk(transport === "websocket" ? endpoint : [{ transport, endpoint }], {
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
  readonly #encoding: Way["encoding"];
  readonly #acknowledged: string[] = [];
  #count = 0;
  #isStopped = false;

  constructor(name: string, way: Way) {
    this.#name = name;
    this.#encoding = way.encoding;
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
      await this.#client.publish(channel, this.#payload(text)).then(
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

  /** Bytes can hold more digits than a number of JavaScript. */
  #payload(text: string): unknown {
    return this.#encoding === "protobuf"
      ? encoder.encode(`[${JSON.stringify(text)},${DIGITS}]`)
      : [text, 0.1];
  }
}

/** Subscribes, and keeps everything that it is given. */
export class Listener {
  readonly texts: string[] = [];
  /** What it was given out of turn: an offset that does not follow the one before. */
  readonly outOfTurn: string[] = [];
  /** Its payloads as they were written; none over a stream of JSON, whose text the SDK keeps to itself. */
  readonly payloads = new Set<string>();
  readonly #client: Centrifuge;
  readonly #subscription: Subscription;
  #offset = 0;
  #unrecovered = 0;
  #interruptions = 0;

  /** `delay`: milliseconds until it comes back. */
  constructor(way: Way, channel: string, delay: number) {
    this.#client = createClient(way, delay, (frame) => {
      for (const [, payload = ""] of frame.matchAll(/"data":(\[.*?\])/g)) this.payloads.add(payload);
    });
    this.#subscription = this.#client.newSubscription(channel);
    this.#subscription.on("subscribed", ({ wasRecovering, recovered }) => {
      if (wasRecovering && !recovered) this.#unrecovered += 1;
    });
    this.#subscription.on("subscribing", () => {
      this.#interruptions += 1;
    });
    this.#subscription.on("publication", ({ offset: given = 0, data }) => {
      const offset = Number(given);
      if (offset !== this.#offset + 1) this.outOfTurn.push(`${offset} after ${this.#offset}`);
      this.#offset = offset;
      this.texts.push(this.#textOf(data));
    });
  }

  get offset(): number {
    return this.#offset;
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
      for (const { data } of page.publications) texts.push(this.#textOf(data));
    }
  }

  stop(): void {
    this.#client.disconnect();
  }

  #textOf(data: unknown): string {
    if (!(data instanceof Uint8Array)) return String((data as unknown[])[0]);
    const payload = decoder.decode(data);
    this.payloads.add(payload);
    return String((JSON.parse(payload) as unknown[])[0]);
  }
}
