import { once } from "node:events";
import WebSocket from "ws";

/** A client that asks a lot in one frame. */
export class Questioner {
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Connects at the home of a channel, or at an edge hub. */
  static async connect(port: number, at?: string): Promise<Questioner> {
    const query = at === undefined ? "" : `?channel=${encodeURIComponent(at)}`;
    const url = `ws://127.0.0.1:${port}/connection/websocket${query}`;
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, "open");
    socket.send('{"id":1,"connect":{}}');
    await once(socket, "message");
    return new Questioner(socket);
  }

  /** Sends the commands in one frame. Resolves with their replies, or with those until the connection is closed. */
  ask(commands: readonly object[]): Promise<string[]> {
    const replies: string[] = [];
    const answered = new Promise<string[]>((resolve) => {
      this.#socket.on("close", () => resolve(replies));
      this.#socket.on("message", (data) => {
        for (const line of String(data).split("\n")) if (line.startsWith('{"id":')) replies.push(line);
        if (replies.length >= commands.length) resolve(replies);
      });
    });
    this.#socket.send(
      commands.map((command, index) => JSON.stringify({ id: index + 2, ...command })).join("\n"),
    );
    return answered;
  }

  leave(): void {
    this.#socket.terminate();
  }
}
