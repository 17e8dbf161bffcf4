/** One WebSocket at a time, and its coming back. */

import { reconnectDelay } from "./backoff.ts";
import type { MessageData } from "./message.ts";

export interface Target {
  readonly url: string;
  readonly protocols: readonly string[];
}

export type ConnectionState =
  | { readonly name: "closed" }
  | { readonly name: "connecting"; readonly attempt: number }
  | { readonly name: "open"; readonly protocol: string; readonly extensions: string }
  | { readonly name: "closing" }
  | {
      readonly name: "waiting";
      readonly until: number;
      readonly attempt: number;
      /** False when this target has not been reached yet. */
      readonly isLost: boolean;
    };

export interface CloseReport {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  /** 0 for the first attempt, then the number of the reconnect. */
  readonly attempt: number;
  /** False when the connection was never established. */
  readonly wasOpen: boolean;
  /** True when it was given up for a new one. */
  readonly wasReplaced: boolean;
}

export interface ConnectionListener {
  changed(state: ConnectionState, target: Target): void;
  received(data: MessageData): void;
  closed(report: CloseReport, target: Target): void;
}

const STABLE_MS = 5_000;

export class Connection {
  /** Whether a connection that ends by itself is made again. */
  autoReconnect = true;
  readonly #listener: ConnectionListener;
  #target: Target = { url: "", protocols: [] };
  #state: ConnectionState = { name: "closed" };
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #wasReached = false;

  constructor(listener: ConnectionListener) {
    this.#listener = listener;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get target(): Target {
    return this.#target;
  }

  /** Bytes that the browser has not handed to the network yet. */
  get bufferedAmount(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /**
   * Leaves the present connection, if any, for this one.
   *
   * @throws SyntaxError for a URL or a subprotocol that no browser takes.
   */
  connect(target: Target): void {
    const socket = new WebSocket(target.url, [...target.protocols]);
    this.#leave();
    this.#target = target;
    this.#attempt = 0;
    this.#wasReached = false;
    this.#watch(socket);
  }

  /** Sends at once; false when there is no open connection. */
  send(data: MessageData): boolean {
    if (this.#state.name !== "open") return false;
    this.#socket?.send(data);
    return true;
  }

  /**
   * Starts the closing handshake. The connection does not come back by itself.
   *
   * @throws for a code other than 1000 and 3000 to 4999, or a reason over 123 bytes.
   */
  close(code?: number, reason?: string): void {
    if (this.#state.name !== "open") return;
    this.#socket?.close(code, reason);
    this.#change({ name: "closing" });
  }

  retryNow(): void {
    if (this.#state.name !== "waiting") return;
    clearTimeout(this.#timer);
    this.#watch(new WebSocket(this.#target.url, [...this.#target.protocols]));
  }

  stopWaiting(): void {
    if (this.#state.name !== "waiting") return;
    clearTimeout(this.#timer);
    this.#change({ name: "closed" });
  }

  #watch(socket: WebSocket): void {
    const target = this.#target;
    const attempt = this.#attempt;
    let openedAt: number | undefined;
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#change({ name: "connecting", attempt });

    socket.addEventListener("open", () => {
      if (socket !== this.#socket) return;
      openedAt = performance.now();
      this.#wasReached = true;
      this.#change({ name: "open", protocol: socket.protocol, extensions: socket.extensions });
    });
    socket.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (socket !== this.#socket) return;
      this.#listener.received(typeof data === "string" ? data : new Uint8Array(data));
    });
    socket.addEventListener("close", ({ code, reason, wasClean }) => {
      const wasOpen = openedAt !== undefined;
      const wasReplaced = socket !== this.#socket;
      this.#listener.closed({ attempt, code, reason, wasClean, wasOpen, wasReplaced }, target);
      if (wasReplaced) return;
      if (openedAt !== undefined && performance.now() - openedAt > STABLE_MS) this.#attempt = 0;
      this.#ended();
    });
  }

  #ended(): void {
    this.#socket = undefined;
    const wasAskedFor = this.#state.name === "closing";
    if (wasAskedFor || !this.autoReconnect) this.#change({ name: "closed" });
    else this.#wait();
  }

  #wait(): void {
    this.#attempt++;
    const delay = reconnectDelay(this.#attempt, Math.random());
    this.#timer = setTimeout(() => this.retryNow(), delay);
    const until = Date.now() + delay;
    this.#change({ name: "waiting", until, attempt: this.#attempt, isLost: this.#wasReached });
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#socket?.close(1000);
    this.#socket = undefined;
  }

  #change(state: ConnectionState): void {
    this.#state = state;
    this.#listener.changed(state, this.#target);
  }
}
