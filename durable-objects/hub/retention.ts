import type { ChannelOptions } from "../../src/channels/options.ts";
import { CHANNEL_LIMITS } from "../../src/limits.ts";
import type { Deliveries } from "./deliveries.ts";
import type { HomeChannel } from "./home-channel.ts";
import type { LocalChannels } from "./local-channels.ts";
import type { StreamStore } from "./stream-store.ts";
import type { StreamAge } from "./stream-tables.ts";

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
    const oldest = store.oldestTime(name) ?? null;
    const due = dueOf(channel.options, { used: channel.used, oldest });
    if (due.from > now) return due.by;
    if (oldest === null) return this.#keepStream(channel, now);
    store.transaction(() => {
      // The top is known from the newest row alone until that row goes.
      store.saveStream(name, channel);
      store.trim(name, channel.firstKept - 1, channel.oldestKept(now));
    });
    return this.trim(channel, now);
  }

  #keepStream(channel: HomeChannel, now: number): number | undefined {
    const { store, locals, deliveries } = this.#hub;
    if (!locals.has(channel.name) && channel.followers.size === 0) {
      store.deleteStream(channel.name);
      return undefined;
    }
    channel.used = now;
    store.saveStream(channel.name, channel);
    // A follower that has vanished would keep the stream for ever.
    deliveries.ask(channel);
    return dueOf(channel.options, { used: now, oldest: null }).by;
  }
}

/**
 * When a stream is to be looked at, in milliseconds: its oldest rows, or where there are none, itself, with its position.
 * Not before `from`, and at the latest `by`.
 */
export function dueOf(
  { history_ttl, history_meta_ttl }: ChannelOptions,
  { used, oldest }: Pick<StreamAge, "used" | "oldest">,
): { readonly from: number; readonly by: number } {
  const age = history_ttl * 1000;
  const expiry =
    oldest === null ? used + history_meta_ttl * 1000 + CHANNEL_LIMITS.streamUseTolerance : oldest + age;
  const stay = oldest === null ? STREAMS_STAY : age * ROWS_STAY;
  return { from: expiry + stay / 2, by: expiry + stay };
}
