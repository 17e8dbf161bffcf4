import type { Encoded } from "../../src/protocol/codec.ts";
import type { Connection, Connections } from "../../src/sessions/connection.ts";
import type { SessionAttachment } from "../../src/sessions/state.ts";
import type { CloseDefinition } from "../../src/shared/codes.ts";
import { closeQuietly } from "../../src/websocket/close-quietly.ts";

const OPEN = 1;

/** The hibernatable WebSockets of a hub. */
export class Sockets implements Connections {
  readonly #ctx: DurableObjectState;
  /** All that the runtime holds: one that is closed from here until its client answers, or its TCP ends. */
  readonly #sockets = new Map<WebSocket, Socket>();

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
  }

  /** How many the runtime holds. Counted here, since asking it for them makes an object of each. */
  get held(): number {
    return this.#sockets.size;
  }

  readonly sinks = (): readonly WebSocket[] => [...this.#sockets.keys()];

  open(): readonly Socket[] {
    const sockets = this.#ctx.getWebSockets().map((raw) => this.of(raw));
    return sockets.filter(({ isOpen }) => isOpen);
  }

  /** The connection of a WebSocket that the runtime holds. */
  of(raw: WebSocket): Socket {
    const known = this.#sockets.get(raw);
    if (known !== undefined) return known;
    const socket = new Socket(this.#ctx, raw);
    this.#sockets.set(raw, socket);
    return socket;
  }

  /** Notes that the runtime lets go of a WebSocket. */
  letGo(raw: WebSocket): void {
    this.#sockets.delete(raw);
  }
}

class Socket implements Connection {
  readonly #ctx: DurableObjectState;
  readonly #raw: WebSocket;

  constructor(ctx: DurableObjectState, raw: WebSocket) {
    this.#ctx = ctx;
    this.#raw = raw;
  }

  get isOpen(): boolean {
    return this.#raw.readyState === OPEN;
  }

  get buffered(): number | undefined {
    return this.#raw.bufferedAmount;
  }

  get lastPong(): number {
    return this.#ctx.getWebSocketAutoResponseTimestamp(this.#raw)?.getTime() ?? 0;
  }

  send(frame: Encoded): void {
    try {
      this.#raw.send(frame);
    } catch {
      // The client has closed: its close event comes next, and asking before each send would cost more.
    }
  }

  close(close: CloseDefinition): void {
    closeQuietly(this.#raw, close);
  }

  remember(attachment: SessionAttachment | undefined): void {
    this.#raw.serializeAttachment(attachment ?? null);
  }

  recall(): SessionAttachment | undefined {
    return (this.#raw.deserializeAttachment() as SessionAttachment | null) ?? undefined;
  }
}
