import { PATIENCE_MS } from "../../support/patience.ts";
import { until } from "../../support/until.ts";
import type { Protocol } from "../sdks.ts";
import type { Program, Told } from "./program.ts";
import { Relay } from "./relay.ts";

export interface ClientOptions {
  /** Tokens that its getter gives, one after the other, the last again and again. */
  readonly tokens?: readonly string[];
  /** Of the connect command. */
  readonly data?: unknown;
  /** Milliseconds that it waits for a ping that is late. */
  readonly maxPingDelay?: number;
}

export interface SubscribeOptions {
  readonly tokens?: readonly string[];
  readonly data?: unknown;
  readonly joinLeave?: boolean;
}

export interface HistoryOptions {
  readonly limit: number;
  readonly since?: Position;
  readonly reverse?: boolean;
}

export interface Position {
  readonly offset: number;
  readonly epoch: string;
}

export interface Member {
  /** Of its connection. */
  readonly id: string;
  readonly user: string;
}

/** Payloads cross the programs as JSON text, in which no digit is lost. */
interface Publication {
  readonly offset: number;
  readonly data: string;
}

/** A client of an SDK in its program, behind a relay of its own, and everything that it has told. */
export class SdkClient {
  readonly told: Told[] = [];
  readonly #program: Program;
  readonly #protocol: Protocol;
  readonly #options: ClientOptions;
  readonly #name = crypto.randomUUID();
  #relay: Relay | undefined;

  constructor(program: Program, protocol: Protocol, options: ClientOptions) {
    this.#program = program;
    this.#protocol = protocol;
    this.#options = options;
    program.listen(this.#name, (told) => this.told.push(told));
  }

  /** Begins to connect to the gateway, through a relay. */
  async open(gatewayPort: () => number): Promise<this> {
    this.#relay = await Relay.start(gatewayPort);
    const { data, maxPingDelay = PATIENCE_MS, tokens } = this.#options;
    await this.#do("connect", {
      ...this.#protocol,
      host: `127.0.0.1:${this.#relay.port}`,
      timeout: PATIENCE_MS,
      maxPingDelay,
      tokens,
      data: textOf(data),
    });
    return this;
  }

  /** Waits until it is connected for the `times`th time. */
  async untilConnected(times = 1): Promise<this> {
    await this.until("connected", times);
    return this;
  }

  get relay(): Relay {
    if (this.#relay === undefined) throw new Error("the client is not open");
    return this.#relay;
  }

  /** Its id in its latest connection. */
  get id(): string {
    return String(this.all("connected").at(-1)?.id);
  }

  /** What it has told of a kind, about a channel if one is given. */
  all(event: string, channel?: string): Told[] {
    return this.told.filter(
      (told) => told.event === event && (channel === undefined || told.channel === channel),
    );
  }

  /** Waits until something was told so many times, and returns the last of them. */
  async until(event: string, times = 1, channel?: string): Promise<Told> {
    const what = `${event} ${times} ${channel ?? ""}`;
    await until(() => this.all(event, channel).length >= times, what).catch((error: Error) => {
      throw new Error(`${error.message}; it has told ${JSON.stringify(this.told).slice(0, 2_000)}`);
    });
    return this.all(event, channel)[times - 1] as Told;
  }

  /** Waits for so many publications in a channel, and returns all payloads that have come, as text. */
  async texts(channel: string, count: number): Promise<string[]> {
    await this.until("publication", count, channel);
    return this.all("publication", channel).map(({ data }) => String(data));
  }

  async received(channel: string, count: number): Promise<unknown[]> {
    return (await this.texts(channel, count)).map((text) => JSON.parse(text) as unknown);
  }

  /** Begins to subscribe. */
  async follow(channel: string, { data, ...options }: SubscribeOptions = {}): Promise<void> {
    await this.#do("subscribe", { channel, data: textOf(data), ...options });
  }

  async subscribe(channel: string, options?: SubscribeOptions): Promise<Told> {
    await this.follow(channel, options);
    return this.until("subscribed", 1, channel);
  }

  unsubscribe(channel: string): Promise<unknown> {
    return this.#do("unsubscribe", { channel });
  }

  publish(channel: string, data: unknown): Promise<unknown> {
    return this.publishText(channel, JSON.stringify(data));
  }

  publishText(channel: string, data: string): Promise<unknown> {
    return this.#do("publish", { channel, data });
  }

  /** Publishes one after the other. */
  async publishAll(channel: string, payloads: Iterable<unknown>): Promise<void> {
    for (const data of payloads) await this.publish(channel, data);
  }

  presence(channel: string): Promise<readonly Member[]> {
    return this.#do("presence", { channel });
  }

  presenceStats(channel: string): Promise<{ readonly clients: number; readonly users: number }> {
    return this.#do("presenceStats", { channel });
  }

  history(
    channel: string,
    options: HistoryOptions,
  ): Promise<Position & { readonly publications: readonly Publication[] }> {
    return this.#do("history", { channel, ...options });
  }

  async rpc(method: string, data: unknown = null): Promise<unknown> {
    const answer = await this.#do<{ readonly data: string }>("rpc", { method, data: JSON.stringify(data) });
    return JSON.parse(answer.data) as unknown;
  }

  /** Ends TCP, and lets nothing through until `work` has ended and it has connected again. */
  async whileAway(work: () => Promise<unknown>): Promise<void> {
    const [connected, connecting] = [this.all("connected").length, this.all("connecting").length];
    await this.relay.whileAway(async () => {
      await this.until("connecting", connecting + 1);
      await work();
    });
    await this.untilConnected(connected + 1);
  }

  async close(): Promise<void> {
    await this.#do("disconnect").catch(() => {});
    this.#relay?.close();
  }

  async #do<Result>(what: string, args: object = {}): Promise<Result> {
    return (await this.#program.request(what, this.#name, args)) as Result;
  }
}

function textOf(data: unknown): string | undefined {
  return data === undefined ? undefined : JSON.stringify(data);
}
