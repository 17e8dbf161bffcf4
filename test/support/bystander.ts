import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** What a bystander does, over and over, and where. */
export interface BystanderTask {
  /** Address of the WebSocket. */
  readonly url: string;
  /** The process whose work is the measure of delays, instead of the clock. */
  readonly pid: number | undefined;
  /** Frame to send first; its answer is waited for. */
  readonly greeting?: string;
  /** The frame of a question, in which `#` stands for the number that its answer is known by. */
  readonly question: string;
  /** The part of the answer that holds the number, in which `#` stands for it. */
  readonly answer: string;
}

/** Milliseconds between two questions: half of what the rate of commands allows by default. */
const PAUSE = 20;
/** A delay below this is no delay to anybody. */
const FLOOR = 20;
const QUIET = 2_000;
const MOST_TRIES = 6;

/** Milliseconds that a bystander waits for an answer. */
export interface Delays {
  readonly quiet: number;
  readonly attacked: number;
}

/** How much longer it waits under attack. */
export function multipleOf({ quiet, attacked }: Delays): number {
  return attacked / Math.max(quiet, FLOOR);
}

/**
 * An ordinary client beside an attack. It lives in a thread of its own, so that what the attacker reads does not count,
 * and asks on schedule whether or not the answers come: a hub that stands still for a second delays fifty questions.
 */
export class Bystander {
  readonly #thread: Worker;

  private constructor(thread: Worker) {
    this.#thread = thread;
  }

  /** Connects to a hub, or to a room. */
  static async connect(task: BystanderTask): Promise<Bystander> {
    const thread = new Worker(new URL("./bystander-thread.ts", import.meta.url), {
      workerData: { ...task, pause: PAUSE },
    });
    await once(thread, "message");
    return new Bystander(thread);
  }

  /**
   * Measures a quiet while, then the attack. Returns the 99th percentile of the delays under attack as a multiple of that
   * of the quiet while.
   *
   * @throws Error when the bystander loses its connection.
   */
  async delayUnder(attack: () => Promise<unknown>): Promise<number> {
    return multipleOf(await this.percentilesUnder(attack));
  }

  /** The 99th percentiles of the delays in a quiet while and under the attack, in milliseconds. */
  async percentilesUnder(attack: () => Promise<unknown>): Promise<Delays> {
    await this.#delays();
    await new Promise((resolve) => setTimeout(resolve, QUIET));
    const quiet = percentile99(await this.#delays());
    await attack();
    return { quiet, attacked: percentile99(await this.#delays()) };
  }

  /**
   * Measures until a multiple is below `bound`, at most six times, and returns the least. Whatever else the gateway does
   * makes a delay longer, never shorter: an attack that holds the hub up does so each time.
   */
  async leastDelayUnder(attack: () => Promise<unknown>, bound: number): Promise<number> {
    let least = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < MOST_TRIES && least >= bound; tries += 1)
      least = Math.min(least, await this.delayUnder(attack));
    return least;
  }

  async end(): Promise<void> {
    await this.#thread.terminate();
  }

  /** Delays of all questions since the last call, in milliseconds, when the last of them has been answered. */
  async #delays(): Promise<number[]> {
    this.#thread.postMessage("report");
    const [delays] = (await once(this.#thread, "message")) as [number[]];
    return delays;
  }
}

/** Where a gateway listens, and its process, which tests name: their machine may be busy with anything. */
export interface Attacked {
  readonly port: number;
  readonly pid?: number;
}

/** A bystander at the hub of a channel, or at an edge hub, who publishes to a channel that nobody else uses. */
export function atHub({ port, pid }: Attacked, at?: string, channel = unused(at)): BystanderTask {
  const query = at === undefined ? "" : `?channel=${encodeURIComponent(at)}`;
  return {
    url: `ws://127.0.0.1:${port}/connection/websocket${query}`,
    pid,
    greeting: '{"id":1,"connect":{}}',
    question: `{"id":#,"publish":{"channel":${JSON.stringify(channel)},"data":{}}}`,
    answer: '"id":#,',
  };
}

/** A bystander in a room of kind `hello`, which answers every message with itself and has the default limits. */
export function inRoom({ port, pid }: Attacked, room: string): BystanderTask {
  return { pid, url: `ws://127.0.0.1:${port}/rooms/hello/${room}`, question: "<#>", answer: "<#>" };
}

const unused = (at = "plain:bystander") => `${at}/${crypto.randomUUID()}`;

function percentile99(delays: readonly number[]): number {
  const sorted = [...delays].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0;
}
