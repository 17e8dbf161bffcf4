import { deserialize, serialize } from "node:v8";
import type { Encoded } from "../../../src/protocol/codec.ts";
import type { SessionAttachment } from "../../../src/sessions/state.ts";
import { answerToClose } from "../../../src/websocket/close-answer.ts";
import type { ClientEnd, Closing } from "../hub-client.ts";
import { turn } from "./turn.ts";

/** Bytes that an attachment may have, as on the platform. */
const ATTACHMENT_LIMIT = 16_384;

/** What the object at the other end is told, in the order in which it happens. */
export interface ServerEnd {
  message(socket: NodeSocket, frame: string | ArrayBuffer): void;
  closed(socket: NodeSocket, code: number): void;
}

/** A WebSocket in memory. It outlives the memory of its object, as a hibernatable one does. */
export class NodeSocket implements ClientEnd {
  /** When a pong was last answered without the object, in milliseconds. */
  lastPong = 0;
  /** A frame that is answered without the object, and the answer. */
  pong: { readonly request: string; readonly response: string } | undefined;
  readonly #server: ServerEnd;
  readonly #listeners = {
    message: [] as ((event: { readonly data: unknown }) => void)[],
    close: [] as ((event: Closing) => void)[],
  };
  #attachment = serialize(undefined);
  #isOpen = true;
  #isEnding = false;

  constructor(server: ServerEnd) {
    this.#server = server;
  }

  /** Whether neither side has closed it. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  remember(attachment: SessionAttachment | undefined): void {
    const bytes = serialize(attachment);
    if (bytes.length > ATTACHMENT_LIMIT) throw new Error("the attachment is too large");
    this.#attachment = bytes;
  }

  recall(): SessionAttachment | undefined {
    return deserialize(this.#attachment) as SessionAttachment | undefined;
  }

  addEventListener(kind: "message", listen: (event: { readonly data: unknown }) => void): void;
  addEventListener(kind: "close", listen: (event: Closing) => void): void;
  addEventListener(kind: "message" | "close", listen: (event: never) => void): void {
    this.#listeners[kind].push(listen as never);
  }

  /** From the client. */
  send(frame: string | ArrayBuffer): void {
    if (!this.#isOpen) return;
    void turn().then(() => {
      if (!this.#isOpen) return;
      if (this.pong === undefined || frame !== this.pong.request) this.#server.message(this, frame);
      else {
        this.lastPong = Date.now();
        this.toClient(this.pong.response);
      }
    });
  }

  /** From the client. The object completes the handshake. */
  close(code = 1005, reason = ""): void {
    if (!this.#isOpen) return;
    const answer = answerToClose(code, reason);
    void turn().then(() => {
      if (!this.#isOpen) return;
      this.#isOpen = false;
      this.#server.closed(this, code);
      this.#end(answer.kind === "empty" ? { code, reason } : answer);
    });
  }

  /** From the object. */
  toClient(frame: Encoded): void {
    if (!this.#isOpen) return;
    const data = typeof frame === "string" ? frame : frame.slice().buffer;
    void turn().then(() => {
      if (!this.#isEnding) for (const listen of this.#listeners.message) listen({ data });
    });
  }

  /** From the object: the client is told, and answers. */
  closeFromServer(closing: Closing): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    void turn().then(() => {
      this.#end(closing);
      this.#server.closed(this, closing.code);
    });
  }

  /** The object is gone, without a word. */
  drop(): void {
    this.#isOpen = false;
    void turn().then(() => this.#end({ code: 1006, reason: "" }));
  }

  #end({ code, reason }: Closing): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    for (const listen of this.#listeners.close) listen({ code, reason });
  }
}
