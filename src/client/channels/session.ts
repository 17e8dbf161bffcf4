/** One client of the channel protocol at a time, and its subscriptions. */

import { Centrifuge, type PublicationContext, type SubscribedContext } from "centrifuge";
import type { Member } from "./members.ts";
import type { Publication } from "./publications.ts";

export interface Target {
  readonly url: string;
  /** Empty for an anonymous client. */
  readonly token: string;
}

export type SessionState =
  | { readonly name: "disconnected"; readonly code: number; readonly reason: string }
  | { readonly name: "connecting"; readonly code: number; readonly reason: string }
  | { readonly name: "connected"; readonly client: string };

export type Subscribed = Pick<SubscribedContext, "streamPosition" | "wasRecovering" | "recovered">;

/** What happens to one subscription. */
export interface ChannelListener {
  subscribing(code: number, reason: string): void;
  subscribed(context: Subscribed): void;
  publication(publication: Publication): void;
  joined(member: Member): void;
  left(member: Member): void;
  unsubscribed(code: number, reason: string): void;
  /** A failure that is tried again. */
  failed(code: number, message: string): void;
}

export interface SessionListener {
  changed(state: SessionState): void;
  /** A handshake failed: the client tries again by itself. */
  unreachable(target: Target): void;
  /** The connect command failed, or was not answered: the client tries again by itself. */
  connectFailed(code: number, message: string): void;
  /** Who listens to a channel that the server subscribes this client to. */
  serverChannel(channel: string): ChannelListener;
}

export interface SessionOptions {
  /** Its messages, both ways, have data of publications as text. */
  readonly Socket: typeof WebSocket;
  /** What each attempt to connect waits for. */
  ready(): Promise<void>;
}

const RECONNECT_MS = { minReconnectDelay: 200, maxReconnectDelay: 5_000 } as const;
/** Longer than the 5 s of the SDK: whoever is slower than that, or busy, would begin anew for ever. */
const ANSWER_MS = 30_000;
const DISCONNECT_CALLED = { name: "disconnected", code: 0, reason: "" } as const;

export class ChannelSession {
  readonly #options: SessionOptions;
  readonly #listener: SessionListener;
  readonly #wanted = new Map<string, { readonly token: string; readonly listener: ChannelListener }>();
  readonly #network = new EventTarget();
  #target: Target = { url: "", token: "" };
  #state: SessionState = DISCONNECT_CALLED;
  #client: Centrifuge | undefined;

  constructor(options: SessionOptions, listener: SessionListener) {
    this.#options = options;
    this.#listener = listener;
    for (const type of ["online", "offline"]) {
      addEventListener(type, () => this.#network.dispatchEvent(new Event(type)));
    }
  }

  get state(): SessionState {
    return this.#state;
  }

  get target(): Target {
    return this.#target;
  }

  /**
   * Connects. A client of the same target keeps its positions, and recovers.
   *
   * @throws for a URL that the SDK does not take.
   */
  connect(target: Target): void {
    const isSame = target.url === this.#target.url && target.token === this.#target.token;
    if (!isSame || !this.#client) this.#replaceClient(target);
    this.#client?.connect();
  }

  disconnect(): void {
    this.#client?.disconnect();
  }

  /** Does not wait for the next attempt to connect. */
  retryNow(): void {
    this.#network.dispatchEvent(new Event("online"));
  }

  has(channel: string): boolean {
    return this.#wanted.has(channel);
  }

  subscribe(channel: string, token: string, listener: ChannelListener): void {
    this.#wanted.set(channel, { token, listener });
    if (this.#client) this.#follow(this.#client, channel);
  }

  /** Subscribes again to a channel that was left: the SDK has kept its position. */
  resubscribe(channel: string): void {
    this.#client?.getSubscription(channel)?.subscribe();
  }

  unsubscribe(channel: string): void {
    this.#client?.getSubscription(channel)?.unsubscribe();
  }

  /** Leaves a channel and forgets its position. */
  forget(channel: string): void {
    this.#wanted.delete(channel);
    this.#client?.removeSubscription(this.#client.getSubscription(channel));
  }

  /** @param json in one line. */
  publish(channel: string, json: string): Promise<unknown> {
    return this.#connected().publish(channel, json);
  }

  /** The newest publications, oldest first. */
  async history(channel: string, limit: number): Promise<{ position: string; publications: Publication[] }> {
    const history = await this.#connected().history(channel, { limit, reverse: true });
    const position = `up to offset ${history.offset} of epoch ${history.epoch}`;
    return { position, publications: history.publications.map(readPublication).toReversed() };
  }

  async presence(channel: string): Promise<Member[]> {
    const { clients } = await this.#connected().presence(channel);
    return Object.values(clients);
  }

  #connected(): Centrifuge {
    if (!this.#client) throw new Error("not connected");
    return this.#client;
  }

  #replaceClient(target: Target): void {
    const { Socket, ready } = this.#options;
    const client = new Centrifuge(target.url, {
      ...RECONNECT_MS,
      timeout: ANSWER_MS,
      token: target.token,
      websocket: Socket,
      networkEventTarget: this.#network,
      getData: ready,
    });
    const previous = this.#client;
    this.#client = client;
    this.#target = target;
    previous?.disconnect();
    this.#listen(client, target);
    for (const channel of this.#wanted.keys()) this.#follow(client, channel);
  }

  #listen(client: Centrifuge, target: Target): void {
    const current = this.#guard(client);
    const change = current((state: SessionState) => {
      this.#state = state;
      this.#listener.changed(state);
    });
    client.on("connecting", ({ code, reason }) => change({ name: "connecting", code, reason }));
    client.on("connected", ({ client: id }) => change({ name: "connected", client: id }));
    client.on("disconnected", ({ code, reason }) => change({ name: "disconnected", code, reason }));
    const failed = current(() => this.#listener.unreachable(target));
    const connectFailed = current((code: number, message: string) =>
      this.#listener.connectFailed(code, message),
    );
    client.on("error", ({ type, error }) => {
      if (type === "transport") failed();
      if (type === "connect") connectFailed(error.code, error.message);
    });
    this.#listenToServerChannels(client);
  }

  #listenToServerChannels(client: Centrifuge): void {
    const listenerOf = (channel: string) => this.#listener.serverChannel(channel);
    client.on("subscribing", ({ channel }) => listenerOf(channel).subscribing(1, ""));
    client.on("subscribed", (context) => listenerOf(context.channel).subscribed(context));
    client.on("publication", (context) => listenerOf(context.channel).publication(readPublication(context)));
    client.on("join", ({ channel, info }) => listenerOf(channel).joined(info));
    client.on("leave", ({ channel, info }) => listenerOf(channel).left(info));
    client.on("unsubscribed", ({ channel }) => listenerOf(channel).unsubscribed(2000, ""));
  }

  #follow(client: Centrifuge, channel: string): void {
    const wanted = this.#wanted.get(channel);
    if (!wanted) return;
    const { token, listener } = wanted;
    const current = this.#guard(client);
    const subscription = client.newSubscription(channel, { joinLeave: true, ...(token !== "" && { token }) });
    subscription.on(
      "subscribing",
      current(({ code, reason }) => listener.subscribing(code, reason)),
    );
    subscription.on(
      "subscribed",
      current((context) => listener.subscribed(context)),
    );
    subscription.on(
      "publication",
      current((context) => listener.publication(readPublication(context))),
    );
    subscription.on(
      "join",
      current(({ info }) => listener.joined(info)),
    );
    subscription.on(
      "leave",
      current(({ info }) => listener.left(info)),
    );
    subscription.on(
      "unsubscribed",
      current(({ code, reason }) => listener.unsubscribed(code, reason)),
    );
    subscription.on(
      "error",
      current(({ error }) => listener.failed(error.code, error.message)),
    );
    subscription.subscribe();
  }

  /** What a client that was replaced still has to say is nobody's business. */
  #guard(
    client: Centrifuge,
  ): <Args extends unknown[]>(handle: (...args: Args) => void) => (...args: Args) => void {
    return (handle) =>
      (...args) => {
        if (client === this.#client) handle(...args);
      };
  }
}

/** The sockets that the SDK is given have made text of the data. */
function readPublication({ data, offset, info }: PublicationContext): Publication {
  return { data: String(data), offset, info };
}
