import { handshakeHeaders } from "./handshake-headers.ts";
import { PATIENCE_MS } from "./patience.ts";

/** Not what a test has put in its place. */
const { setTimeout } = globalThis;

export interface ErrorBody {
  readonly code: number;
  readonly message: string;
  readonly temporary?: boolean;
}

export interface PublicationBody {
  readonly data: unknown;
  readonly offset?: number;
  readonly info?: unknown;
  readonly tags?: unknown;
}

export interface SubscribeBody {
  readonly expires?: boolean;
  readonly ttl?: number;
  readonly recoverable?: boolean;
  readonly positioned?: boolean;
  readonly epoch?: string;
  readonly offset?: number;
  readonly publications?: readonly PublicationBody[];
  readonly recovered?: boolean;
  readonly was_recovering?: boolean;
  readonly data?: unknown;
}

export interface ConnectBody {
  readonly client: string;
  readonly version: string;
  readonly expires?: boolean;
  readonly ttl?: number;
  readonly data?: unknown;
  readonly subs?: Readonly<Record<string, SubscribeBody>>;
  readonly ping?: number;
  readonly pong?: boolean;
}

export interface HistoryBody {
  readonly publications: readonly PublicationBody[];
  readonly epoch: string;
  readonly offset: number;
}

/** One line from the server. */
export interface Line {
  readonly id?: number;
  readonly error?: ErrorBody;
  readonly push?: Readonly<Record<string, unknown>> & {
    readonly channel?: string;
    readonly pub?: PublicationBody;
  };
  readonly connect?: ConnectBody;
  readonly subscribe?: SubscribeBody;
  readonly history?: HistoryBody;
  readonly [kind: string]: unknown;
}

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** A client's end of a socket that is open. */
export interface ClientEnd {
  send(frame: string | ArrayBuffer): void;
  close(code?: number, reason?: string): void;
  addEventListener(kind: "message", listen: (event: { readonly data: unknown }) => void): void;
  addEventListener(kind: "close", listen: (event: Closing) => void): void;
}

/** A socket of the channel protocol: numbers its commands, and keeps the lines that arrive until a test asks for them. */
export class HubClient {
  /** Everything that arrived, frame by frame. */
  readonly frames: (string | ArrayBuffer)[] = [];
  readonly #ended: Promise<Closing>;
  readonly #socket: ClientEnd;
  readonly #beforeSend: () => Promise<void>;
  readonly #lines: Line[] = [];
  readonly #waiting = new Set<() => void>();
  #lastId = 0;
  #closing: Closing | undefined;

  /** `beforeSend` runs before each command of `request`. */
  constructor(socket: ClientEnd, beforeSend: () => Promise<void> = async () => {}) {
    this.#socket = socket;
    this.#beforeSend = beforeSend;
    socket.addEventListener("message", ({ data }) => this.#take(data as string | ArrayBuffer));
    this.#ended = new Promise<Closing>((resolve) => {
      socket.addEventListener("close", ({ code, reason }) => {
        this.#closing = { code, reason };
        for (const notify of this.#waiting) notify();
        resolve({ code, reason });
      });
    });
  }

  /** How the connection ends. */
  get closed(): Promise<Closing> {
    const { promise: missed, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error("waited for a close")), PATIENCE_MS);
    return Promise.race([this.#ended, missed]).finally(() => clearTimeout(timer));
  }

  get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  /** Sends one frame as it is. */
  sendFrame(frame: string | ArrayBuffer): void {
    this.#socket.send(frame);
  }

  /** Sends commands in one frame, each with an id of its own unless it has one. Returns the ids. */
  send(...commands: readonly Record<string, unknown>[]): number[] {
    const numbered = commands.map((command) => ({ ...command, id: command.id ?? this.#nextId() }));
    this.sendFrame(numbered.map((command) => JSON.stringify(command)).join("\n"));
    return numbered.map(({ id }) => Number(id));
  }

  /** Sends one command and waits for its reply. */
  async request(kind: string, body: Record<string, unknown> = {}): Promise<Line> {
    await this.#beforeSend();
    const [id = 0] = this.send({ [kind]: body });
    return this.reply(id);
  }

  /** The body of a reply to one command. Throws when it is an error. */
  async ask<Body>(kind: string, body: Record<string, unknown> = {}): Promise<Body> {
    const reply = await this.request(kind, body);
    if (reply.error || reply[kind] === undefined) throw new Error(`${kind}: ${JSON.stringify(reply)}`);
    return reply[kind] as Body;
  }

  /** The code of the error that answers one command. */
  async codeOf(kind: string, body: Record<string, unknown> = {}): Promise<number | undefined> {
    return (await this.request(kind, body)).error?.code;
  }

  subscribe(channel: string, body: Record<string, unknown> = {}): Promise<SubscribeBody> {
    return this.ask("subscribe", { channel, ...body });
  }

  publish(channel: string, data: unknown): Promise<unknown> {
    return this.ask("publish", { channel, data });
  }

  reply(id: number): Promise<Line> {
    return this.#next((line) => line.id === id, `the reply ${id}`);
  }

  /** The next push that has a member of this name. */
  async push(kind: string): Promise<Readonly<Record<string, unknown>>> {
    const { push } = await this.#next((line) => line.push?.[kind] !== undefined, `a push with ${kind}`);
    return push ?? {};
  }

  /** The next publication of a channel. */
  async publication(channel: string): Promise<PublicationBody | undefined> {
    const isMeant = ({ push }: Line) => push?.pub !== undefined && push.channel === channel;
    return (await this.#next(isMeant, `a publication of ${channel}`)).push?.pub;
  }

  ping(): Promise<Line> {
    return this.#next(isPing, "a ping");
  }

  /** What arrived and was not asked for. Pings come when it is time for them, and do not count. */
  get unread(): readonly Line[] {
    return this.#lines.filter((line) => !isPing(line));
  }

  close(code?: number, reason?: string): Promise<Closing> {
    this.#socket.close(code, reason);
    return this.closed;
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #take(frame: string | ArrayBuffer): void {
    this.frames.push(frame);
    if (typeof frame !== "string") throw new Error("a binary frame");
    for (const line of frame.split("\n")) this.#lines.push(JSON.parse(line) as Line);
    for (const notify of this.#waiting) notify();
  }

  async #next(isMeant: (line: Line) => boolean, what: string): Promise<Line> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const index = this.#lines.findIndex(isMeant);
      const [line] = index === -1 ? [] : this.#lines.splice(index, 1);
      if (line) return line;
      if (this.#closing) throw new Error(`closed with ${JSON.stringify(this.#closing)}, waiting for ${what}`);
      if (performance.now() > deadline) {
        throw new Error(`waited for ${what}, have ${JSON.stringify(this.#lines).slice(0, 500)}`);
      }
      await this.#change(deadline - performance.now());
    }
  }

  async #change(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    this.#waiting.add(resolve);
    await promise;
    this.#waiting.delete(resolve);
    clearTimeout(timer);
  }
}

const isPing = (line: Line) => Object.keys(line).length === 0;

/** A handshake of the channel protocol, as a request to a hub or to the gateway. */
export function channelRequest(query = "", headers: Record<string, string | undefined> = {}): Request {
  return new Request(`https://gateway.test/connection/websocket${query}`, {
    headers: handshakeHeaders(headers),
  });
}
