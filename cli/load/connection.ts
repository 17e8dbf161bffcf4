import { Centrifuge, type PublishResult, State, type Subscription } from "centrifuge";
import type { LoadChannel } from "./channel.ts";
import type { LoadClient } from "./client.ts";
import type { Measurements } from "./measurements.ts";
import type { Network } from "./network.ts";
import type { Transport } from "./plan.ts";
import { LoadSubscription } from "./subscription.ts";

/** What all connections of a run have. */
export interface ConnectionSettings {
  /** Of the gateway. */
  readonly url: string;
  readonly transport: Transport;
  readonly atHome: boolean;
  readonly network: Network;
  readonly measured: Measurements;
}

/** Milliseconds until a command, or an attempt to connect, has failed: no less than a gateway under load may take. */
const PATIENCE_MS = 20_000;

/** A client of channels: the official SDK, with what it must get. */
export class LoadConnection implements LoadClient {
  readonly subscriptions: readonly LoadSubscription[];
  readonly #centrifuge: Centrifuge;
  #hasConnected = false;
  /** When it began to connect for the first time. The SDK subscribes in one frame with that, so both times begin here. */
  #startedAt = 0;

  constructor(settings: ConnectionSettings, channels: readonly LoadChannel[], token: string | undefined) {
    const { measured, url, transport, network } = settings;
    this.#centrifuge = new Centrifuge([{ transport, endpoint: endpointOf(settings, channels) }], {
      ...network,
      ...(token === undefined ? {} : { token }),
      emulationEndpoint: `${url}/emulation`,
      timeout: PATIENCE_MS,
    });
    this.#countConnection(measured);
    this.subscriptions = channels.map((channel) => this.#subscribe(channel, measured));
  }

  connect(): void {
    this.#centrifuge.connect();
  }

  get isConnected(): boolean {
    return this.#centrifuge.state === State.Connected;
  }

  get hasConnected(): boolean {
    return this.#hasConnected;
  }

  publish(channel: string, data: string): Promise<PublishResult> {
    return this.#centrifuge.publish(channel, JSON.parse(data));
  }

  close(): void {
    this.#centrifuge.removeAllListeners();
    this.#centrifuge.disconnect();
  }

  #countConnection(measured: Measurements): void {
    this.#centrifuge.on("connecting", ({ code }) => {
      if (this.#hasConnected) measured.reconnects.add(code);
      else this.#startedAt = performance.now();
    });
    this.#centrifuge.on("connected", () => {
      if (!this.#hasConnected) measured.connecting.record(performance.now() - this.#startedAt);
      this.#hasConnected = true;
    });
    this.#centrifuge.on("disconnected", ({ code, reason }) => measured.disconnects.add(`${code} ${reason}`));
    this.#centrifuge.on("error", ({ error }) => {
      if (error.code >= 100) measured.failedAttempts.add(`${error.code} ${error.message}`);
    });
  }

  #subscribe(channel: LoadChannel, measured: Measurements): LoadSubscription {
    const counted = new LoadSubscription(channel, measured);
    const subscription: Subscription = this.#centrifuge.newSubscription(channel.name);
    subscription.on("subscribed", (context) => {
      if (!counted.hasBegun) measured.subscribing.record(performance.now() - this.#startedAt);
      counted.onSubscribed(context);
    });
    subscription.on("publication", (context) => counted.onPublication(context));
    subscription.on("error", ({ error }) =>
      measured.refusedSubscriptions.add(`${error.code} ${error.message}`),
    );
    subscription.on("unsubscribed", ({ code, reason }) =>
      measured.refusedSubscriptions.add(`${code} ${reason}`),
    );
    subscription.subscribe();
    return counted;
  }
}

function endpointOf({ url, transport, atHome }: ConnectionSettings, [first]: readonly LoadChannel[]): string {
  const address = transport === "websocket" ? url.replace(/^http/, "ws") : url;
  const home = atHome && first ? `?channel=${encodeURIComponent(first.name)}` : "";
  return `${address}/connection/${transport}${home}`;
}
