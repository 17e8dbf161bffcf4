/** WebSockets that tell what crosses them, that can be lost on demand, and that keep data from being parsed by the SDK. */

import { dataToText, textToData } from "./data-text.ts";

export interface SocketTap {
  opened(url: string): void;
  sent(frame: string): void;
  received(frame: string): void;
  /** It ended before it was open. */
  failed(url: string): void;
  /** `isCut` for a connection that was cut by `cut`. */
  closed(code: number, reason: string, isCut: boolean): void;
}

export interface TappedSockets {
  /** A class to use in place of `WebSocket`. */
  readonly Socket: typeof WebSocket;
  /** Loses the newest connection: its user hears of it at once, as 1006, and of nothing after it. */
  cut(): void;
}

const ABNORMAL_CLOSURE = 1006;

export function tapSockets(tap: SocketTap): TappedSockets {
  let newest: TappedSocket | undefined;

  class TappedSocket extends WebSocket {
    #wasOpen = false;
    #isOver = false;

    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      newest = this;
      this.addEventListener("open", () => {
        this.#wasOpen = true;
        tap.opened(this.url);
      });
      this.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
        if (!this.#isOver) tap.received(String(data));
      });
      this.addEventListener("close", ({ code, reason }) => this.#end(code, reason, false));
    }

    /** The SDK (5.8.0) reads nothing but `data` of the event. */
    override set onmessage(handle: (event: MessageEvent<string>) => void) {
      super.onmessage = ({ data }: MessageEvent<unknown>) =>
        handle(new MessageEvent("message", { data: dataToText(String(data)) }));
    }

    override send(data: string): void {
      if (this.#isOver) return;
      const frame = textToData(data);
      tap.sent(frame);
      super.send(frame);
    }

    /** No page can drop a connection without a closing handshake, but its user need not take part in it. */
    cut(): void {
      this.#end(ABNORMAL_CLOSURE, "", true);
      this.dispatchEvent(new CloseEvent("close", { code: ABNORMAL_CLOSURE }));
      this.close();
    }

    #end(code: number, reason: string, isCut: boolean): void {
      if (this.#isOver) return;
      this.#isOver = true;
      if (this.#wasOpen) tap.closed(code, reason, isCut);
      else tap.failed(this.url);
    }
  }

  return { Socket: TappedSocket, cut: () => newest?.cut() };
}
