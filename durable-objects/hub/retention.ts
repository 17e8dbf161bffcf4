import { CHANNEL_LIMITS } from "../../src/limits.ts";
import type { Deliveries } from "./deliveries.ts";
import type { HomeChannel } from "./home-channel.ts";
import type { LocalChannels } from "./local-channels.ts";
import type { StreamStore } from "./stream-store.ts";

/** How much longer than its publications may be read a row may stay, as a part of that time. */
const ROWS_STAY = 0.25;
/** The same for a stream that is not used any more, in milliseconds. */
const STREAMS_STAY = CHANNEL_LIMITS.streamUseTolerance / 4;

/** What retention needs of its hub. */
export interface HubOfRetention {
  readonly store: StreamStore;
  readonly locals: LocalChannels;
  readonly deliveries: Deliveries;
}

/**
 * How long things are kept: publications by number and age, a stream by its last use. What is too old is not read any
 * more, so its rows may stay a while. What expires one after the other shares an alarm: when one thing is due, so is
 * whatever has stayed half of its while.
 */
export class Retention {
  readonly #hub: HubOfRetention;

  constructor(hub: HubOfRetention) {
    this.#hub = hub;
  }

  /** When a stream is to be deleted unless it is used again, with its position, in milliseconds. */
  streamDue(channel: HomeChannel): number {
    return expiryOf(channel) + STREAMS_STAY;
  }

  /** When rows that were written at a time are to be deleted, in milliseconds. */
  rowsDue({ options }: HomeChannel, written: number): number {
    return written + options.history_ttl * 1000 * (1 + ROWS_STAY);
  }

  /** Deletes surplus publications, when enough of them have come together. To be called in a transaction. */
  trimBySize(channel: HomeChannel, top: number, now: number): void {
    const { history_size } = channel.options;
    const keepAfter = top - history_size;
    if (keepAfter - channel.trimmedTo < Math.max(1, history_size >> 3)) return;
    this.#hub.store.trim(channel.name, keepAfter, channel.oldestKept(now));
    channel.trimmedTo = keepAfter;
  }

  /** Removes what of a channel is too old. Returns when to look again, in milliseconds, or undefined when it is gone. */
  trim(channel: HomeChannel, now: number): number | undefined {
    const { store } = this.#hub;
    const { name } = channel;
    const oldest = store.oldestTime(name);
    if (oldest === undefined) return this.#keepStream(channel, now);
    if (oldest + channel.options.history_ttl * 1000 * (1 + ROWS_STAY / 2) > now)
      return this.rowsDue(channel, oldest);
    store.transaction(() => {
      // The top is known from the newest row alone until that row goes.
      store.saveStream(name, channel);
      store.trim(name, channel.firstKept - 1, channel.oldestKept(now));
    });
    return this.trim(channel, now);
  }

  #keepStream(channel: HomeChannel, now: number): number | undefined {
    const { store, locals, deliveries } = this.#hub;
    if (expiryOf(channel) + STREAMS_STAY / 2 > now) return this.streamDue(channel);
    if (!locals.has(channel.name) && channel.followers.size === 0) {
      store.deleteStream(channel.name);
      return undefined;
    }
    channel.used = now;
    store.saveStream(channel.name, channel);
    // A follower that has vanished would keep the stream for ever.
    deliveries.ask(channel);
    return this.streamDue(channel);
  }
}

/** When a stream has not been used for so long that its position is not needed any more, in milliseconds. */
function expiryOf({ used, options }: HomeChannel): number {
  return used + options.history_meta_ttl * 1000 + CHANNEL_LIMITS.streamUseTolerance;
}
