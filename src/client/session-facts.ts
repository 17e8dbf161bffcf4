import { byId } from "./dom.ts";
import { formatSize } from "./message.ts";
import { redraw } from "./redraw.ts";

interface Tally {
  messages: number;
  bytes: number;
}

/** How much went each way on the present connection. */
export class SessionFacts {
  #sent: Tally = { messages: 0, bytes: 0 };
  #received: Tally = { messages: 0, bytes: 0 };

  sent(bytes: number): void {
    this.#sent = count(this.#sent, bytes);
    redraw(this.#draw);
  }

  received(bytes: number): void {
    this.#received = count(this.#received, bytes);
    redraw(this.#draw);
  }

  reset(): void {
    this.#sent = { messages: 0, bytes: 0 };
    this.#received = { messages: 0, bytes: 0 };
    redraw(this.#draw);
  }

  #draw = (): void => {
    byId("fact-sent", HTMLElement).textContent = describe(this.#sent);
    byId("fact-received", HTMLElement).textContent = describe(this.#received);
  };
}

function count({ messages, bytes }: Tally, size: number): Tally {
  return { messages: messages + 1, bytes: bytes + size };
}

function describe({ messages, bytes }: Tally): string {
  return messages === 0 ? "0" : `${messages.toLocaleString("en")} · ${formatSize(bytes)}`;
}
