import WebSocket from "ws";
import type { LoadChannel } from "./channel.ts";
import type { LoadClient } from "./client.ts";
import type { Measurements } from "./measurements.ts";
import type { Network } from "./network.ts";
import { LoadSubscription } from "./subscription.ts";

/** Milliseconds until a connection that has ended comes back. */
const COMES_BACK_AFTER = 1000;

/** A plain WebSocket into a room that passes every message on to the others. */
export class RoomConnection implements LoadClient {
  readonly subscriptions: readonly LoadSubscription[];
  readonly #address: string;
  readonly #network: Network;
  readonly #measured: Measurements;
  #socket: WebSocket | undefined;
  #hasConnected = false;
  #coming: NodeJS.Timeout | undefined;

  /** @param address Of the room, such as `wss://realtime.example.com/rooms/broadcast/lobby`. */
  constructor(address: string, rooms: readonly LoadChannel[], network: Network, measured: Measurements) {
    this.#address = address;
    this.#network = network;
    this.#measured = measured;
    this.subscriptions = rooms.map((room) => new LoadSubscription(room, measured));
  }

  get isConnected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  get hasConnected(): boolean {
    return this.#hasConnected;
  }

  connect(): void {
    const startedAt = performance.now();
    const socket = new this.#network.websocket(this.#address);
    this.#socket = socket;
    let isOpen = false;
    socket.on("open", () => {
      isOpen = true;
      if (!this.#hasConnected) this.#measured.connecting.record(performance.now() - startedAt);
      this.#hasConnected = true;
      for (const subscription of this.subscriptions) subscription.onSubscribed({});
    });
    socket.on("message", (message) => {
      for (const subscription of this.subscriptions)
        subscription.onPublication({ data: parsed(`${message}`) });
    });
    socket.on("close", (code) => {
      if (isOpen) this.#measured.reconnects.add(code);
      this.#coming = setTimeout(() => this.connect(), COMES_BACK_AFTER);
    });
  }

  /** Resolves when it is sent: a room acknowledges nothing. The others get it, so for itself it counts as having come. */
  async publish(_room: string, data: string): Promise<void> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) throw new Error("nobody is connected");
    for (const subscription of this.subscriptions) subscription.onOwn(parsed(data));
    await new Promise<void>((sent, failed) => socket.send(data, (error) => (error ? failed(error) : sent())));
  }

  close(): void {
    clearTimeout(this.#coming);
    this.#socket?.removeAllListeners("close").close(1000);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
