import { BoundedSum } from "../shared/bounded-sum.ts";

/** What waits for each client, in bytes: undefined where the runtime does not tell (before workerd 1.20261117.1). */
export type Sinks = () => readonly Partial<Pick<WebSocket, "bufferedAmount">>[];

/**
 * The bytes that wait for all clients of an object together. Each client has a limit of its own; where the total is too
 * much, that limit is at most the client's share. A closed client counts until its socket is gone, because the runtime
 * keeps what waits for it.
 */
export class TotalBackpressure {
  readonly #limit: number;
  readonly #sinks: Sinks;
  readonly #sum: BoundedSum;
  #share = 0;

  /** `sinks` are all sockets of the object; `limit` is bytes for all of them together. */
  constructor(limit: number, sinks: Sinks) {
    this.#limit = limit;
    this.#sinks = sinks;
    this.#sum = new BoundedSum(limit, () => this.#take());
  }

  /** Counts bytes that were sent. */
  add(bytes: number): void {
    this.#sum.add(bytes);
  }

  /** How many bytes may wait for a client that has this limit of its own. */
  limitOf(own: number): number {
    return this.#sum.isOver ? Math.min(own, this.#share) : own;
  }

  #take(): number {
    const sinks = this.#sinks();
    this.#share = this.#limit / sinks.length;
    return sinks.reduce((sum, { bufferedAmount = 0 }) => sum + bufferedAmount, 0);
  }
}
