import {
  Centrifuge,
  type ConnectedContext,
  type ConnectingContext,
  type DisconnectedContext,
  type JoinContext,
  type LeaveContext,
  type Options,
  type PublicationContext,
  type ServerPublicationContext,
  type ServerSubscribedContext,
  State,
  type SubscribedContext,
  type SubscribingContext,
  type Subscription,
  type SubscriptionErrorContext,
  type SubscriptionOptions,
  type TransportEndpoint,
  type UnsubscribedContext,
} from "centrifuge";
import WebSocket from "ws";
import { HttpNetwork } from "./http-network.ts";
import { PATIENCE_MS } from "./patience.ts";
import { until } from "./until.ts";

/** An address at which nobody listens. */
const NOWHERE = "ws://127.0.0.1:1";

/** One subscription of the SDK, and everything that it has told. */
export class Feed {
  readonly subscription: Subscription;
  readonly subscribed: SubscribedContext[] = [];
  readonly subscribing: SubscribingContext[] = [];
  readonly unsubscribed: UnsubscribedContext[] = [];
  readonly publications: PublicationContext[] = [];
  readonly joins: JoinContext[] = [];
  readonly leaves: LeaveContext[] = [];
  readonly errors: SubscriptionErrorContext[] = [];

  constructor(subscription: Subscription) {
    this.subscription = subscription;
    subscription.on("subscribed", (context) => this.subscribed.push(context));
    subscription.on("subscribing", (context) => this.subscribing.push(context));
    subscription.on("unsubscribed", (context) => this.unsubscribed.push(context));
    subscription.on("publication", (context) => this.publications.push(context));
    subscription.on("join", (context) => this.joins.push(context));
    subscription.on("leave", (context) => this.leaves.push(context));
    subscription.on("error", (context) => this.errors.push(context));
  }

  get channel(): string {
    return this.subscription.channel;
  }

  /** The payloads that have come, in order. */
  get data(): unknown[] {
    return this.publications.map(({ data }) => data);
  }

  /** What the reply to the latest subscribe said. */
  get latest(): SubscribedContext | undefined {
    return this.subscribed.at(-1);
  }

  async untilSubscribed(times = 1): Promise<this> {
    await until(() => this.subscribed.length >= times, `subscription ${times} to ${this.channel}`);
    return this;
  }

  async untilReceived(count: number, deadline?: number): Promise<void> {
    await until(
      () => this.publications.length >= count,
      `${count} publications in ${this.channel}`,
      deadline,
    );
  }
}

/** A frame on the wire, as text. */
export interface SeenFrame {
  readonly direction: "sent" | "received";
  readonly text: string;
}

/** The official SDK, with what it has told, and hands on the sockets under it. */
export class ChannelClient {
  readonly centrifuge: Centrifuge;
  readonly connected: ConnectedContext[] = [];
  readonly connecting: ConnectingContext[] = [];
  readonly disconnected: DisconnectedContext[] = [];
  readonly serverSubscribed: ServerSubscribedContext[] = [];
  readonly serverUnsubscribed: string[] = [];
  readonly serverPublications: ServerPublicationContext[] = [];
  /** Every socket that the SDK has opened. */
  readonly sockets: WebSocket[] = [];
  readonly frames: SeenFrame[] = [];
  /** What it reaches the gateway by, where its transport is HTTP. */
  readonly network = new HttpNetwork();
  #isAway = false;

  /** `Sdk` is one of the builds of the SDK: that for JSON where nothing else is said. */
  constructor(
    endpoint: string | TransportEndpoint[],
    options: Partial<Options> = {},
    Sdk: typeof Centrifuge = Centrifuge,
  ) {
    this.centrifuge = new Sdk(endpoint, {
      minReconnectDelay: 50,
      maxReconnectDelay: 500,
      timeout: PATIENCE_MS,
      maxServerPingDelay: PATIENCE_MS,
      fetch: this.network.fetch,
      eventsource: this.network.EventSource,
      ...options,
      websocket: this.#socketClass(),
    });
    this.centrifuge.on("connected", (context) => this.connected.push(context));
    this.centrifuge.on("connecting", (context) => this.connecting.push(context));
    this.centrifuge.on("disconnected", (context) => this.disconnected.push(context));
    this.centrifuge.on("subscribed", (context) => this.serverSubscribed.push(context));
    this.centrifuge.on("unsubscribed", ({ channel }) => this.serverUnsubscribed.push(channel));
    this.centrifuge.on("publication", (context) => this.serverPublications.push(context));
  }

  get id(): string {
    return this.connected.at(-1)?.client ?? "";
  }

  /** The frames that it has sent, without answers to pings: those come when it is time for them. */
  get sent(): string[] {
    const sent = this.frames.filter(({ direction, text }) => direction === "sent" && text !== "{}");
    return sent.map(({ text }) => text);
  }

  get socket(): WebSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("there is no socket yet");
    return socket;
  }

  /** A subscription that begins at once. */
  follow(channel: string, options: Partial<SubscriptionOptions> = {}): Feed {
    const feed = new Feed(this.centrifuge.newSubscription(channel, options));
    feed.subscription.subscribe();
    return feed;
  }

  subscribe(channel: string, options?: Partial<SubscriptionOptions>): Promise<Feed> {
    return this.follow(channel, options).untilSubscribed();
  }

  /** Connects, and waits until it is for the `times`th time. */
  async connect(times = 1): Promise<this> {
    this.centrifuge.connect();
    await this.untilConnected(times);
    return this;
  }

  async untilConnected(times: number, deadline?: number): Promise<void> {
    await until(() => this.connected.length >= times, `connection ${times}`, deadline);
  }

  async untilDisconnected(): Promise<DisconnectedContext> {
    await until(() => this.disconnected.length > 0, "the end of the connection");
    return this.disconnected[0] as DisconnectedContext;
  }

  /** Publishes one after the other. */
  async publish(channel: string, payloads: Iterable<unknown>): Promise<void> {
    for (const data of payloads) await this.centrifuge.publish(channel, data);
  }

  /** Publishes, so many at a time. */
  async publishMany(channel: string, payloads: readonly unknown[], atOnce = 100): Promise<void> {
    for (let start = 0; start < payloads.length; start += atOnce) {
      const some = payloads.slice(start, start + atOnce);
      await Promise.all(some.map((data) => this.centrifuge.publish(channel, data)));
    }
  }

  /** Ends TCP under the SDK. */
  drop(): void {
    this.sockets.at(-1)?.terminate();
    this.network.cut();
  }

  /** Ends TCP under the SDK, and lets it reach nobody until `work` has ended. */
  async whileAway(work: () => Promise<unknown>): Promise<void> {
    const times = this.connected.length + 1;
    this.#isAway = true;
    this.network.isAway = true;
    this.drop();
    await until(() => this.centrifuge.state === State.Connecting, "the loss of the connection");
    await work();
    this.#isAway = false;
    this.network.isAway = false;
    await this.untilConnected(times);
  }

  #socketClass(): new (url: string, protocols?: string) => WebSocket {
    const { sockets, frames } = this;
    const reachable = (url: string) => (this.#isAway ? NOWHERE : url);
    return class extends WebSocket {
      constructor(url: string, protocols?: string) {
        super(reachable(url), protocols);
        sockets.push(this);
        this.on("message", (data) => frames.push({ direction: "received", text: String(data) }));
      }

      override send(data: string | Uint8Array): void {
        frames.push({ direction: "sent", text: String(data) });
        super.send(data);
      }
    };
  }
}
