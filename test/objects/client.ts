import { exports } from "cloudflare:workers";
import type { Message, Payload } from "../../src/rooms/handler.ts";
import { handshakeHeaders } from "../support/handshake-headers.ts";
import { PATIENCE_MS } from "../support/patience.ts";

/** Where the gateway of the tests stands. */
export const GATEWAY = "https://gateway.test";

/** Not what a test has put in its place. */
const { setTimeout } = globalThis;

/** How a connection ended, as the client sees it. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** Asks the gateway for a WebSocket, and returns whatever it answers. */
export function handshake(path: string, changes?: Record<string, string | undefined>): Promise<Response> {
  return exports.default.fetch(GATEWAY + path, { headers: handshakeHeaders(changes) });
}

/** Connects to the gateway. Throws when it refuses. */
export async function connect(path: string, headers?: Record<string, string>): Promise<Client> {
  return accept(await handshake(path, headers));
}

/** Takes the WebSocket of a 101. */
export function accept(response: Response): Client {
  if (response.webSocket === null) throw new Error(`refused with ${response.status}`);
  return new Client(response.webSocket);
}

/** A client's end of a WebSocket: what arrives waits until a test asks for it. */
export class Client {
  readonly #ended: Promise<Closing>;
  readonly #socket: WebSocket;
  readonly #arrived: Message[] = [];
  #notify = () => {};

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => {
      this.#arrived.push(data as Message);
      this.#notify();
    });
    this.#ended = new Promise<Closing>((resolve) => {
      socket.addEventListener("close", ({ code, reason }) => resolve({ code, reason }));
    });
    socket.accept();
  }

  send(...messages: Payload[]): void {
    for (const message of messages) this.#socket.send(message);
  }

  close(code?: number, reason?: string): Promise<Closing> {
    this.#socket.close(code, reason);
    return this.closed;
  }

  /** How the connection ends. */
  get closed(): Promise<Closing> {
    return withDeadline(this.#ended, "a close");
  }

  /** The next message. */
  async next(): Promise<Message> {
    while (this.#arrived.length === 0) {
      await withDeadline(new Promise<void>((resolve) => (this.#notify = resolve)), "a message");
    }
    return this.#arrived.shift() ?? "";
  }

  /** The next messages, so many of them. */
  async take(count: number): Promise<Message[]> {
    const messages: Message[] = [];
    while (messages.length < count) messages.push(await this.next());
    return messages;
  }

  /** What has arrived and was not asked for. */
  get unread(): readonly Message[] {
    return this.#arrived;
  }
}

function withDeadline<T>(promise: Promise<T>, what: string): Promise<T> {
  const { promise: missed, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`waited ${PATIENCE_MS} ms for ${what}`)), PATIENCE_MS);
  return Promise.race([promise, missed]).finally(() => clearTimeout(timer));
}
