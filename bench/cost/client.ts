import { once } from "node:events";
import { WebSocket } from "ws";

const CONNECTING_AT_ONCE = 50;

interface Line {
  readonly id?: number;
  readonly error?: { readonly code: number };
  readonly push?: { readonly pub?: unknown };
}

/** A client of the channel protocol that does no more than a load needs. */
export class CostClient {
  /** Publications that have arrived. */
  received = 0;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (line: Line) => void>();
  #lastId = 0;

  constructor(url: string) {
    // Compressing costs the runtime more than all the rest, and whether it is done is up to the client.
    this.#socket = new WebSocket(url, { perMessageDeflate: false });
    this.#socket.on("message", (data) => {
      for (const line of String(data).split("\n")) this.#take(JSON.parse(line) as Line);
    });
  }

  /** Connects and subscribes in one frame, as SDKs do. */
  async connect(channel: string): Promise<void> {
    await once(this.#socket, "open");
    await this.#send({ connect: {} }, { subscribe: { channel } });
  }

  async publish(channel: string): Promise<void> {
    await this.#send({
      publish: { channel, data: { text: "a message of about sixty bytes, as people send them" } },
    });
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, "close");
    this.#socket.close(1000);
    await closed;
  }

  async #send(...commands: readonly object[]): Promise<void> {
    const replies: Promise<Line>[] = [];
    const lines = commands.map((command) => {
      this.#lastId += 1;
      const id = this.#lastId;
      replies.push(new Promise((resolve) => this.#waiting.set(id, resolve)));
      return JSON.stringify({ ...command, id });
    });
    this.#socket.send(lines.join("\n"));
    for (const { error } of await Promise.all(replies)) if (error) throw new Error(`error ${error.code}`);
  }

  #answer(id: number, line: Line): void {
    this.#waiting.get(id)?.(line);
    this.#waiting.delete(id);
  }

  #take(line: Line): void {
    if (line.push?.pub !== undefined) this.received += 1;
    else if (line.id !== undefined) this.#answer(line.id, line);
    // Only a ping is answered: an answer to the runtime's answer to a pong would go on for ever.
    else if (line.push === undefined) this.#socket.send("{}");
  }
}

/** Opens clients that are subscribed to a channel, a few at a time. */
export async function openClients(url: string, channel: string, count: number): Promise<CostClient[]> {
  const clients: CostClient[] = [];
  while (clients.length < count) {
    const length = Math.min(CONNECTING_AT_ONCE, count - clients.length);
    const batch = Array.from({ length }, () => new CostClient(url));
    await Promise.all(batch.map((client) => client.connect(channel)));
    clients.push(...batch);
  }
  return clients;
}
