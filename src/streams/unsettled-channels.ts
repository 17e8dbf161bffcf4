import type { Deliveries } from "./deliveries.ts";
import type { HomeChannel } from "./home-channel.ts";
import type { StreamStore } from "./stream-store.ts";

/** What unsettled channels need of their hub. */
interface HubOfUnsettled {
  readonly store: StreamStore;
  readonly deliveries: Deliveries;
}

/** Channels whose followers may not have everything: all of them, once they have been read after sleep. */
export class UnsettledChannels {
  readonly #hub: HubOfUnsettled;
  readonly #channels = new Set<HomeChannel>();
  #isResumed = false;

  constructor(hub: HubOfUnsettled) {
    this.#hub = hub;
  }

  get size(): number {
    return this.#channels.size;
  }

  note(channel: HomeChannel): void {
    if (channel.unsettled === undefined) this.#channels.delete(channel);
    else this.#channels.add(channel);
  }

  /** Delivers again what was not acknowledged, and writes where all of it was. `load` reads a channel that it then notes. */
  resume(load: (name: string) => void): void {
    if (!this.#isResumed) for (const name of this.#hub.store.unsettledChannels()) load(name);
    this.#isResumed = true;
    for (const channel of [...this.#channels]) {
      if (channel.isAcknowledged) this.#noteAcknowledged(channel);
      else this.#hub.deliveries.catchUp(channel);
    }
  }

  /** When the alarm is needed next, in milliseconds, or undefined for never. */
  nextDue(now: number): number | undefined {
    let next = Number.POSITIVE_INFINITY;
    for (const channel of this.#channels) next = Math.min(next, channel.nextTry(now));
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  /** A mark that stays until the alarm costs nothing more while a channel is busy: the next publication needs it again. */
  #noteAcknowledged(channel: HomeChannel): void {
    channel.unsettled = undefined;
    this.#channels.delete(channel);
    this.#hub.store.saveStream(channel.name, channel);
  }
}
