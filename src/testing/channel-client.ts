import {
  type ConnectBody,
  type HistoryBody,
  isPing,
  type Line,
  linesOf,
  type PublicationBody,
  type SubscribeBody,
} from "./channel-lines.ts";
import type { ClientEnd, Closing } from "./client-end.ts";
import { Inbox, type Patience } from "./inbox.ts";

/** The error with which the gateway answered a command. */
export class ChannelError extends Error {
  /** As in docs/codes.md, such as 103 for what is not permitted. */
  readonly code: number;

  constructor(command: string, { error }: Line) {
    super(`${command} was answered with error ${error?.code}: ${error?.message}`);
    this.name = "ChannelError";
    this.code = error?.code ?? 0;
  }
}

/** A client of channels: it numbers its commands, and what arrives waits until the test asks for it. */
export class ChannelClient {
  readonly #socket: ClientEnd;
  readonly #inbox: Inbox<Line>;
  #connection: ConnectBody | undefined;
  #lastId = 0;

  constructor(socket: ClientEnd, patience: Patience) {
    this.#socket = socket;
    this.#inbox = new Inbox<Line>(
      socket,
      (frame) => linesOf(frame).filter((line) => this.accepts(line)),
      patience,
    );
  }

  /** Whether a line waits for the test. What answers pings takes them out. */
  protected accepts(line: Line): boolean {
    if (!isPing(line)) return true;
    if (this.#connection?.pong === true) this.sendFrame("{}");
    return false;
  }

  /** The gateway's answer to the connection; undefined before it. */
  get connection(): ConnectBody | undefined {
    return this.#connection;
  }

  async connect(body: Readonly<Record<string, unknown>> = {}): Promise<ConnectBody> {
    this.#connection = await this.ask<ConnectBody>("connect", body);
    return this.#connection;
  }

  /**
   * @param options More of the command, such as `token`, `data`, or `recover` with `offset` and `epoch`.
   * @throws ChannelError
   */
  subscribe(channel: string, options: Readonly<Record<string, unknown>> = {}): Promise<SubscribeBody> {
    return this.ask("subscribe", { channel, ...options });
  }

  /** @throws ChannelError */
  async unsubscribe(channel: string): Promise<void> {
    await this.ask("unsubscribe", { channel });
  }

  /** @throws ChannelError */
  async publish(channel: string, data: unknown): Promise<void> {
    await this.ask("publish", { channel, data });
  }

  /**
   * @param options `limit` (-1 for all, without it only the position), `since`, `reverse`.
   * @throws ChannelError
   */
  history(channel: string, options: Readonly<Record<string, unknown>> = {}): Promise<HistoryBody> {
    return this.ask("history", { channel, ...options });
  }

  /** The next publication of a channel. Rejects when none comes in time, or the connection ends before. */
  async publication(channel: string): Promise<PublicationBody> {
    const isMeant = ({ push }: Line) => push?.pub !== undefined && push.channel === channel;
    const { push } = await this.#inbox.take(isMeant, `a publication of ${channel}`);
    return push?.pub as PublicationBody;
  }

  /** The next push that has a member of this name, such as `join`, `leave` or `unsubscribe`. */
  async push(member: string): Promise<Readonly<Record<string, unknown>>> {
    const { push } = await this.next((line) => line.push?.[member] !== undefined, `a push with ${member}`);
    return push ?? {};
  }

  /** Sends any command, and returns the body of its reply. @throws ChannelError */
  async ask<Body>(command: string, body: Readonly<Record<string, unknown>> = {}): Promise<Body> {
    const reply = await this.request(command, body);
    if (reply.error || reply[command] === undefined) throw new ChannelError(command, reply);
    return reply[command] as Body;
  }

  /** Sends any command, and returns its reply, which may be an error. */
  async request(command: string, body: Readonly<Record<string, unknown>> = {}): Promise<Line> {
    const [id = 0] = this.send({ [command]: body });
    return this.reply(id);
  }

  /** Sends commands in one frame, each with an id of its own unless it has one. Returns the ids. */
  send(...commands: readonly Readonly<Record<string, unknown>>[]): number[] {
    const numbered = commands.map((command) => ({ ...command, id: command.id ?? this.#nextId() }));
    this.sendFrame(numbered.map((command) => JSON.stringify(command)).join("\n"));
    return numbered.map(({ id }) => Number(id));
  }

  /** Sends one frame as it is. */
  sendFrame(frame: string | ArrayBuffer): void {
    this.#socket.send(frame);
  }

  /** The reply to the command with this id. */
  reply(id: number): Promise<Line> {
    return this.next((line) => line.id === id, `the reply ${id}`);
  }

  /** What has arrived and was not asked for. */
  get unread(): readonly Line[] {
    return this.#inbox.items;
  }

  close(code?: number, reason?: string): Promise<Closing> {
    this.#socket.close(code, reason);
    return this.closed;
  }

  /** How the connection ends. Rejects when it does not end in time. */
  get closed(): Promise<Closing> {
    return this.#inbox.closed();
  }

  get isClosed(): boolean {
    return this.#inbox.closing !== undefined;
  }

  protected next(isMeant: (line: Line) => boolean, what: string): Promise<Line> {
    return this.#inbox.take(isMeant, what);
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}
