import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds between two looks. */
const LOOK_INTERVAL = 5;

/** The JavaScript heap of a workerd, asked over the inspector protocol. */
export class Heap {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (result: unknown) => void>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
      if (id !== undefined) this.#answers.get(id)?.(result);
    });
  }

  static async of(inspectorPort: number): Promise<Heap> {
    const targets = await fetch(`http://127.0.0.1:${inspectorPort}/json`);
    const [target] = (await targets.json()) as { webSocketDebuggerUrl: string }[];
    const socket = new WebSocket(target?.webSocketDebuggerUrl ?? "");
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", reject);
    });
    return new Heap(socket);
  }

  /** Bytes that are in use, garbage among them. */
  async usedBytes(): Promise<number> {
    const { usedSize } = (await this.#ask("Runtime.getHeapUsage")) as { usedSize: number };
    return usedSize;
  }

  /** Looks every few milliseconds until it is stopped. Returns what stops it, and tells the most that it saw. */
  watch(): () => Promise<number> {
    let peak = 0;
    let isWatching = true;
    const watching = (async () => {
      while (isWatching) {
        peak = Math.max(peak, await this.usedBytes());
        await delay(LOOK_INTERVAL);
      }
    })();
    return async () => {
      isWatching = false;
      await watching;
      return peak;
    };
  }

  close(): void {
    this.#socket.close();
  }

  #ask(method: string): Promise<unknown> {
    this.#lastId += 1;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.#answers.set(this.#lastId, resolve);
    this.#socket.send(JSON.stringify({ id: this.#lastId, method }));
    return promise;
  }
}
