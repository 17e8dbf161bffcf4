/** WebSockets that tell what crosses them, that can be lost on demand, and that keep data from being parsed by the SDK. */

import { Inbox } from "../inbox.ts";
import { dataToText, textToData } from "./data-text.ts";

export interface SocketTap {
  opened(url: string): void;
  sent(frame: string): void;
  received(frame: string): void;
  /** One of the lines of a frame that the newest connection has received, before the SDK gets it. `at` is `performance.now()` when it came. */
  receivedLine(line: string, at: number): void;
  /** It ended before it was open. */
  failed(url: string): void;
  closed(end: SocketEnd): void;
}

/** How a connection ended that was open. */
export interface SocketEnd {
  readonly code: number;
  readonly reason: string;
  /** By `cut`. */
  readonly isCut: boolean;
  /** There is a newer connection already: a closing handshake may take longer than to connect again. */
  readonly wasReplaced: boolean;
}

export interface TappedSockets {
  /** A class to use in place of `WebSocket`. */
  readonly Socket: typeof WebSocket;
  /** Loses the newest connection: its user hears of it at once, as 1006, and of nothing after it. */
  cut(): void;
}

const ABNORMAL_CLOSURE = 1006;

export function tapSockets(tap: SocketTap): TappedSockets {
  const inbox = new Inbox();
  let newest: TappedSocket | undefined;

  class TappedSocket extends WebSocket {
    #wasOpen = false;
    #isOver = false;
    #handleMessage: ((event: MessageEvent<string>) => void) | undefined;
    #handleClose: ((event: CloseEvent) => void) | undefined;

    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      newest = this;
      this.addEventListener("open", () => {
        this.#wasOpen = true;
        tap.opened(this.url);
      });
      this.addEventListener("message", ({ data }: MessageEvent<unknown>) => this.#receive(String(data)));
      this.addEventListener("close", (event) => inbox.add(() => this.#end(event, false)));
    }

    override set onmessage(handle: (event: MessageEvent<string>) => void) {
      this.#handleMessage = handle;
    }

    override set onclose(handle: (event: CloseEvent) => void) {
      this.#handleClose = handle;
    }

    override send(data: string): void {
      if (this.#isOver) return;
      const frame = textToData(data);
      tap.sent(frame);
      super.send(frame);
    }

    /** No page can drop a connection without a closing handshake, but its user need not take part in it. */
    cut(): void {
      this.#end(new CloseEvent("close", { code: ABNORMAL_CLOSURE }), true);
      this.close();
    }

    /** A frame can have thousands of lines. */
    #receive(frame: string): void {
      if (this.#isOver) return;
      const at = performance.now();
      tap.received(frame);
      for (const line of frame.split("\n")) inbox.add(() => this.#handOn(line, at));
    }

    /** The SDK (5.8.0) reads nothing but `data` of the event, takes lines one by one, and skips empty ones. */
    #handOn(line: string, at: number): void {
      if (this.#isOver) return;
      if (newest === this) tap.receivedLine(line, at);
      this.#handleMessage?.(new MessageEvent("message", { data: dataToText(line) }));
    }

    #end(event: CloseEvent, isCut: boolean): void {
      if (this.#isOver) return;
      this.#isOver = true;
      const { code, reason } = event;
      if (this.#wasOpen) tap.closed({ code, reason, isCut, wasReplaced: newest !== this });
      else tap.failed(this.url);
      this.#handleClose?.(event);
    }
  }

  return { Socket: TappedSocket, cut: () => newest?.cut() };
}
