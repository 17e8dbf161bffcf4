import type { Message, Payload } from "../shared/payload-size.ts";
import type { ClientEnd, Closing } from "./client-end.ts";
import { Inbox, type Patience } from "./inbox.ts";

/** A client of a room: what arrives waits until the test asks for it. */
export class RoomClient {
  readonly #socket: ClientEnd;
  readonly #inbox: Inbox<Message>;

  constructor(socket: ClientEnd, patience: Patience) {
    this.#socket = socket;
    this.#inbox = new Inbox<Message>(socket, (frame) => [frame], patience);
  }

  send(...messages: readonly Payload[]): void {
    for (const message of messages) this.#socket.send(message);
  }

  /**
   * The next message: a string, or an ArrayBuffer for a binary one.
   *
   * @throws Error when none comes in time, or the connection ends before.
   */
  next(): Promise<Message> {
    return this.#inbox.take(() => true, "a message");
  }

  /** The next messages, so many of them. */
  async take(count: number): Promise<Message[]> {
    const messages: Message[] = [];
    while (messages.length < count) messages.push(await this.next());
    return messages;
  }

  /** What has arrived and was not asked for. */
  get unread(): readonly Message[] {
    return this.#inbox.items;
  }

  /** Starts the closing handshake, and waits until the connection has ended. */
  close(code?: number, reason?: string): Promise<Closing> {
    this.#socket.close(code, reason);
    return this.closed;
  }

  /** How the connection ends. Rejects when it does not end in time. */
  get closed(): Promise<Closing> {
    return this.#inbox.closed();
  }
}
