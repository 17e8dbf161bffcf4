import { HTTP_STREAM_LIMITS } from "../shared/limits.ts";
import { TotalBackpressure } from "../websocket/total-backpressure.ts";

interface Sink {
  readonly bufferedAmount: number;
}

/** The streams that an isolate of the Worker holds, for its one memory. */
export class Relays {
  readonly backpressure = new TotalBackpressure(HTTP_STREAM_LIMITS.backpressure, () => [...this.#relays]);
  readonly #relays = new Set<Sink>();

  add(relay: Sink): void {
    this.#relays.add(relay);
  }

  delete(relay: Sink): void {
    this.#relays.delete(relay);
  }
}
