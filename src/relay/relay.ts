import type { Encoded } from "../protocol/codec.ts";
import type { StreamWriter } from "../protocol/http/writer.ts";
import { type CloseDefinition, DISCONNECTS } from "../shared/codes.ts";
import { toUtf8 } from "../shared/encodings.ts";
import { HTTP_STREAM_LIMITS } from "../shared/limits.ts";
import type { Message } from "../shared/payload-size.ts";
import { CONNECTION_FAILED } from "../websocket/close-answer.ts";
import { closeQuietly } from "../websocket/close-quietly.ts";
import type { Relays } from "./relays.ts";
import { StreamQueue } from "./stream-queue.ts";

export interface RelayOptions {
  readonly writer: StreamWriter;
  readonly relays: Relays;
  /** Bytes that may wait for a moment, and at all. */
  readonly queueSize: number;
  readonly mostWaiting: number;
  /** Milliseconds of silence into which something is written; undefined where the object pings often enough. */
  readonly silence: number | undefined;
}

/**
 * Passes what an object sends over its socket on to a client, as the body of a response. The object sees no
 * back-pressure, because its frames are always taken: what waits for the client waits here, within limits.
 */
export class Relay {
  /**
   * A stream in JavaScript: it is told at once that the client has gone. An IdentityTransformStream is told with the
   * next write or two (workerd 1.20261023.1).
   */
  readonly body: ReadableStream<Uint8Array>;
  readonly #socket: WebSocket;
  readonly #options: RelayOptions;
  readonly #queue: StreamQueue;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #frames = 0;
  /** Bytes that the runtime was given last, and has not sent on before it wants more. */
  #handedOver = 0;
  #writtenAt = Date.now();
  /** Whether the client waits for something. */
  #isWanted = false;
  /** Whether nothing more is taken from the object. */
  #hasEnded = false;

  /** `socket` must not be accepted yet: what comes first would be lost. */
  constructor(socket: WebSocket, options: RelayOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#queue = new StreamQueue(options.queueSize, HTTP_STREAM_LIMITS.slowTime);
    this.body = new ReadableStream(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => {
          this.#isWanted = true;
          this.#handedOver = 0;
          this.#give();
        },
        cancel: () => {
          this.#close({ code: 1000, reason: "" });
          this.#release();
        },
      },
      { highWaterMark: 0 },
    );
    this.#write(options.writer.opening);
    socket.addEventListener("message", ({ data }) => this.#take(data as Message));
    socket.addEventListener("close", ({ code, reason }) => this.#closed({ code, reason }));
    socket.addEventListener("error", () => this.#closed({ code: CONNECTION_FAILED, reason: "" }));
    // It would be Blobs, which are read later than what comes after them (compatibility date 2026-03-17).
    socket.binaryType = "arraybuffer";
    socket.accept();
    options.relays.add(this);
    if (options.silence !== undefined) this.#keepAlive(options.silence, options.silence);
  }

  /** Bytes that wait for the client. */
  get bufferedAmount(): number {
    return this.#queue.size + this.#handedOver;
  }

  #take(frame: Message): void {
    if (this.#hasEnded) return;
    const { writer } = this.#options;
    const { text, answer, end } = writer.write(frame);
    if (answer !== undefined) this.#socket.send(answer);
    if (text.length > 0) this.#write(text);
    this.#frames += 1;
    const over = this.#frames >= HTTP_STREAM_LIMITS.frames ? DISCONNECTS.shutdown : undefined;
    const why = end ?? over;
    if (why !== undefined) this.#endWith(why);
  }

  /** Ends it from this side: the client is told why, the object too. */
  #endWith(close: CloseDefinition): void {
    this.#closed(close);
    closeQuietly(this.#socket, close);
  }

  #closed(close: { readonly code: number; readonly reason: string }): void {
    if (this.#hasEnded) return;
    this.#write(this.#options.writer.end(close));
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#stopTimer();
    // Nothing is written any more, so nothing else would find a client that leaves the rest waiting.
    this.#timer = setTimeout(() => this.#endBody(), HTTP_STREAM_LIMITS.slowTime);
    this.#give();
  }

  /** A client that is not behind gets the next message whatever its size. */
  #write(text: Encoded): void {
    const { relays, mostWaiting } = this.#options;
    const now = Date.now();
    if (this.#queue.isSlow(now) || this.bufferedAmount > relays.backpressure.limitOf(mostWaiting)) {
      this.#cut();
      return;
    }
    const chunk = typeof text === "string" ? toUtf8(text) : text;
    if (chunk.byteLength > 0) this.#queue.add(chunk);
    this.#writtenAt = now;
    this.#give();
    relays.backpressure.add(chunk.byteLength);
  }

  /** Everything that waits is one chunk, which ends where a line does. */
  #give(): void {
    if (!this.#isWanted) return;
    if (this.#queue.size > 0) {
      this.#isWanted = false;
      this.#handedOver = this.#queue.size;
      this.#controller?.enqueue(this.#queue.take());
    } else if (this.#hasEnded) {
      this.#isWanted = false;
      this.#endBody();
    }
  }

  #cut(): void {
    if (this.#hasEnded) return;
    this.#close(DISCONNECTS.slow);
    this.#endBody();
  }

  #close(close: { readonly code: number; readonly reason: string }): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    closeQuietly(this.#socket, close);
  }

  /** Not by an error of the stream: that counts as an exception of the Worker. */
  #endBody(): void {
    this.#release();
    this.#controller?.close();
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Nothing waits any more, and nothing will. */
  #release(): void {
    this.#stopTimer();
    this.#queue.clear();
    this.#handedOver = 0;
    this.#options.relays.delete(this);
  }

  #keepAlive(silence: number, wait: number): void {
    this.#timer = setTimeout(() => {
      const { writer } = this.#options;
      const beat = writer.beat?.();
      if (beat !== undefined) this.#socket.send(beat);
      const silentFor = Date.now() - this.#writtenAt;
      if (silentFor >= silence) this.#write(writer.keepAlive);
      if (!this.#hasEnded) this.#keepAlive(silence, silentFor >= silence ? silence : silence - silentFor);
    }, wait);
  }
}
