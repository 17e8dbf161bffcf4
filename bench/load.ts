import { connect as connectTcp, type Socket } from "node:net";
import { encodeClose, encodeFrame, OPCODE } from "../src/websocket/frame.ts";

const CONNECTING_AT_ONCE = 25;
const CLOSE_DEADLINE_MS = 2_000;
const HEAD_END = "\r\n\r\n";
const maskingKey = Uint8Array.of(1, 2, 3, 4);
/** What every message says. */
export const PAYLOAD = "a message of thirty-two bytes ..";
const payload = new TextEncoder().encode(PAYLOAD);

/** The message of every load, as a client sends it. */
export const MESSAGE = encodeFrame({ opcode: OPCODE.text, payload, maskingKey });
/** The bytes of the same message as a server sends it. */
export const MESSAGE_BYTES = encodeFrame({ opcode: OPCODE.text, payload }).length;

const CLOSE = encodeFrame({ opcode: OPCODE.close, payload: encodeClose(1000), maskingKey });

/** How a client introduces itself. */
export interface ClientSettings {
  /** Whether it offers permessage-deflate, as every browser does. What it sends is never compressed. */
  readonly offersCompression?: boolean | undefined;
}

/** Sockets are read one after the other, so they share one buffer. */
const buffer = Buffer.alloc(64 * 1024);

/**
 * A WebSocket that sends encoded frames and counts the bytes that come back, so that making the load costs much less
 * than serving it. One that the server ends is an error that ends the benchmark.
 */
export class LoadSocket {
  /** Called with the number of bytes that came, and the buffer that they are at the start of until it returns. */
  onBytes: (count: number, bytes: Buffer) => void = () => undefined;
  readonly #tcp: Socket;
  readonly #opened = Promise.withResolvers<void>();
  #head = "";
  #isOpen = false;

  constructor(port: number, path: string, settings: ClientSettings) {
    const callback = (count: number) => {
      if (this.#isOpen) this.onBytes(count, buffer);
      else this.#readHead(buffer.toString("latin1", 0, count));
      return true;
    };
    this.#tcp = connectTcp({ host: "127.0.0.1", port, noDelay: true, onread: { buffer, callback } });
    this.#tcp.on("error", this.#opened.reject);
    this.#tcp.on("close", this.#onUnexpectedEnd);
    this.#tcp.write(handshake(port, path, settings));
  }

  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  send(frame: Uint8Array): void {
    this.#tcp.write(frame);
  }

  /** Does the closing handshake, so that the server has nothing left to do for this socket. */
  async close(): Promise<void> {
    this.#tcp.off("close", this.#onUnexpectedEnd);
    const { promise, resolve } = Promise.withResolvers<void>();
    const impatience = setTimeout(() => this.#tcp.destroy(), CLOSE_DEADLINE_MS);
    this.onBytes = () => this.#tcp.destroy();
    this.#tcp.on("close", () => resolve());
    this.#tcp.write(CLOSE);
    await promise;
    clearTimeout(impatience);
  }

  /** Ends the connection without a word. */
  cut(): void {
    this.#tcp.off("close", this.#onUnexpectedEnd);
    this.#tcp.destroy();
  }

  readonly #onUnexpectedEnd = () => {
    const failure = new Error(`the server ended the connection: ${this.#head}`);
    if (this.#isOpen) throw failure;
    this.#opened.reject(failure);
  };

  #readHead(text: string): void {
    this.#head += text;
    if (!this.#head.endsWith(HEAD_END)) return;
    this.#isOpen = this.#head.startsWith("HTTP/1.1 101 ");
    if (this.#isOpen) this.#opened.resolve();
    else this.#tcp.destroy();
  }
}

/** Opens WebSockets, a few at a time, because a server's accept queue is short. */
export async function openSockets(
  port: number,
  path: string,
  count: number,
  settings: ClientSettings = {},
): Promise<LoadSocket[]> {
  const sockets: LoadSocket[] = [];
  while (sockets.length < count) {
    const length = Math.min(CONNECTING_AT_ONCE, count - sockets.length);
    const batch = Array.from({ length }, () => new LoadSocket(port, path, settings));
    await Promise.all(batch.map((socket) => socket.opened));
    sockets.push(...batch);
  }
  return sockets;
}

export async function closeSockets(sockets: readonly LoadSocket[]): Promise<void> {
  await Promise.all(sockets.map((socket) => socket.close()));
}

function handshake(port: number, path: string, { offersCompression = false }: ClientSettings): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...(offersCompression ? ["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"] : []),
  ];
  return lines.join("\r\n") + HEAD_END;
}
