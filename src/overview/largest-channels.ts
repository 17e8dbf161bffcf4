import type { ChannelCount } from "../metrics/report.ts";
import type { OverviewChannels } from "./messages.ts";

/** A page of the channels whose names contain a text. */
export interface ChannelSearch {
  /** "" for all channels. */
  readonly search: string;
  readonly limit: number;
  /** Channels before the first one of the page. */
  readonly offset: number;
}

/** Adds up the subscribers that each hub has of a channel, for a bounded number of channels. */
export class LargestChannels {
  readonly #search: string;
  readonly #most: number;
  #counts = new Map<string, number>();
  #isComplete = true;

  constructor(search: string, most: number) {
    this.#search = search;
    this.#most = most;
  }

  add([channel, clients]: ChannelCount): void {
    if (!channel.includes(this.#search)) return;
    this.#counts.set(channel, (this.#counts.get(channel) ?? 0) + clients);
    if (this.#counts.size > this.#most) this.#dropSmall();
  }

  /** The channels with the most subscribers first, and of one size in the order of names. */
  page(offset: number, limit: number): OverviewChannels {
    const counts = [...this.#counts].sort(bySize).slice(offset, offset + limit);
    return {
      channels: counts.map(([channel, num_clients]) => ({ channel, num_clients })),
      total: this.#counts.size,
      complete: this.#isComplete,
    };
  }

  /** Leaves the larger half. */
  #dropSmall(): void {
    this.#counts = new Map([...this.#counts].sort(bySize).slice(0, Math.ceil(this.#most / 2)));
    this.#isComplete = false;
  }
}

function bySize([name, clients]: ChannelCount, [other, others]: ChannelCount): number {
  return others - clients || (name < other ? -1 : 1);
}
