import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { decodeFrame, encodeClose, encodeFrame, type Frame, OPCODE } from "../../src/websocket/frame.ts";
import { ByteQueue } from "./byte-queue.ts";
import { PATIENCE_MS } from "./patience.ts";

/** Status line and headers of an HTTP response; header names in lower case. */
export interface ResponseHead {
  status: number;
  headers: ReadonlyMap<string, string>;
}

/** Headers that replace those of a valid handshake; undefined leaves one out. */
export type HeaderChanges = Readonly<Record<string, string | undefined>>;

export const SAMPLE_KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const END_OF_HEAD = "\r\n\r\n";

const HANDSHAKE: HeaderChanges = {
  Host: "localhost",
  Upgrade: "websocket",
  Connection: "Upgrade",
  "Sec-WebSocket-Key": SAMPLE_KEY,
  "Sec-WebSocket-Version": "13",
};

/** A client that writes WebSocket bytes by hand, so that it can also send what no WebSocket library would. */
export class TcpPeer {
  readonly #socket: Socket;
  readonly #received = new ByteQueue();
  #ended = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk) => {
      this.#received.push(chunk);
      this.#wake();
    });
    const end = () => {
      this.#ended = true;
      this.#wake();
    };
    // A reset is an end too: which of the two a test sees is a matter of timing.
    socket.on("end", end).on("close", end).on("error", end);
  }

  static async connect(port: number): Promise<TcpPeer> {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true, allowHalfOpen: true });
    await once(socket, "connect");
    return new TcpPeer(socket);
  }

  /** Connects and completes a handshake. */
  static async open(port: number, path: string, changes: HeaderChanges = {}): Promise<TcpPeer> {
    const peer = await TcpPeer.connect(port);
    const { status } = await peer.upgrade(path, changes);
    if (status !== 101) throw new Error(`handshake for ${path} answered ${status}`);
    return peer;
  }

  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Sends a handshake and reads the head of what comes back. */
  upgrade(path: string, changes: HeaderChanges = {}, method = "GET"): Promise<ResponseHead> {
    const headers = Object.entries({ ...HANDSHAKE, ...changes }).filter(([, value]) => value !== undefined);
    const lines = headers.map(([name, value]) => `${name}: ${value}`);
    this.write([`${method} ${path} HTTP/1.1`, ...lines].join("\r\n") + END_OF_HEAD);
    return this.readHead();
  }

  async readHead(): Promise<ResponseHead> {
    const head = await this.#take("a response head", (received) => {
      const end = received.indexOf(END_OF_HEAD);
      return end < 0
        ? undefined
        : { value: received.toString("latin1", 0, end), size: end + END_OF_HEAD.length };
    });
    const [statusLine = "", ...lines] = head.split("\r\n");
    const headers = lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    });
    return { status: Number(statusLine.split(" ")[1]), headers: new Map(headers) };
  }

  /** Reads the body of a response that tells its length. */
  readBody({ headers }: ResponseHead): Promise<string> {
    const size = Number(headers.get("content-length") ?? 0);
    return this.#take("a response body", (received) =>
      received.length < size ? undefined : { value: received.toString("utf8", 0, size), size },
    );
  }

  /** Sends a frame, masked with a random key unless `maskingKey` is given (undefined: unmasked). */
  sendFrame(frame: Partial<Frame> & { opcode: number }): void {
    this.write(encodeFrame({ maskingKey: randomBytes(4), ...frame }));
  }

  sendText(text: string): void {
    this.sendFrame({ opcode: OPCODE.text, payload: Buffer.from(text) });
  }

  sendClose(code?: number, reason?: string): void {
    this.sendFrame({ opcode: OPCODE.close, payload: encodeClose(code, reason) });
  }

  /**
   * Reads the next frame.
   *
   * @throws Error when none comes within `deadline` milliseconds, or TCP ends first.
   */
  nextFrame(deadline = PATIENCE_MS): Promise<Frame> {
    return this.#take(
      "a frame",
      (received) => {
        const decoded = decodeFrame(received);
        return decoded && { value: decoded.frame, size: decoded.size };
      },
      deadline,
    );
  }

  /** Takes nothing from TCP any more, so that what is sent waits at the server. */
  stopReading(): void {
    this.#socket.pause();
  }

  readOn(): void {
    this.#socket.resume();
  }

  /** Sends FIN: this side will write no more, and still reads. */
  halfClose(): void {
    this.#socket.end();
  }

  /** Ends TCP without a FIN, as a crashed client does. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** Ends TCP in both directions. */
  destroy(): void {
    this.#socket.destroy();
  }

  /**
   * Waits until the other side has ended TCP.
   *
   * @throws Error when it has not within `deadline` milliseconds, or bytes came that nobody read.
   */
  async ended(deadline = PATIENCE_MS): Promise<void> {
    await this.#until(() => this.#ended, "the end of TCP", deadline);
    const unread = this.#received.waiting;
    if (unread.length > 0) throw new Error(`unread: ${unread.toString("hex", 0, 64)}`);
  }

  async #take<Value>(
    what: string,
    read: (received: Buffer) => { value: Value; size: number } | undefined,
    deadline = PATIENCE_MS,
  ): Promise<Value> {
    let taken = read(this.#received.waiting);
    await this.#until(
      () => {
        taken ??= read(this.#received.waiting);
        return taken !== undefined || this.#ended;
      },
      what,
      deadline,
    );
    if (!taken) throw new Error(`TCP ended instead of ${what}`);
    this.#received.drop(taken.size);
    return taken.value;
  }

  async #until(holds: () => boolean, what: string, deadline: number): Promise<void> {
    const timeout = Date.now() + deadline;
    while (!holds()) {
      const left = timeout - Date.now();
      if (left <= 0) throw new Error(`waited ${deadline} ms for ${what}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
