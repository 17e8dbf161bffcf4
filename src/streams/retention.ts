import type { ChannelOptions } from "../channels/options.ts";
import { CHANNEL_LIMITS } from "../shared/limits.ts";
import type { Deliveries } from "./deliveries.ts";
import type { HomeChannel } from "./home-channel.ts";
import type { LocalChannels } from "./local-channels.ts";
import type { ChannelAge, StreamStore } from "./stream-store.ts";

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

  /** Whether a channel, as it is stored, has nobody, and never had a publication. */
  isForNobody({ channel, top, oldest, isFollowed }: ChannelAge): boolean {
    return top === 0 && oldest === null && !isFollowed && !this.#hub.locals.has(channel);
  }

  /** The same of a channel that is in memory. */
  isVacant({ name, top, followers }: HomeChannel): boolean {
    const { locals, store } = this.#hub;
    // Where history is off, the top is not known.
    const isEmpty = top === 0 && store.oldestTime(name) === undefined;
    return isEmpty && followers.size === 0 && !locals.has(name);
  }

  /** Deletes the row of a stream. */
  release(channel: HomeChannel): void {
    if (channel.isStored) this.#hub.store.deleteStream(channel.name);
    channel.isStored = false;
    channel.unsettled = undefined;
  }

  /** Removes what of a channel is too old. Returns when to look again, in milliseconds, or undefined when it is gone. */
  trim(channel: HomeChannel, now: number): number | undefined {
    const { store } = this.#hub;
    const { name } = channel;
    const oldest = store.oldestTime(name) ?? null;
    const due = dueOf(channel.options, { used: channel.used, oldest });
    if (due.from > now && !this.isVacant(channel)) return due.by;
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
      this.release(channel);
      return undefined;
    }
    channel.used = now;
    if (channel.isStored) store.saveStream(channel.name, channel);
    else store.askedFollowers(channel.name, now);
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
  { used, oldest }: Pick<ChannelAge, "used" | "oldest">,
): { readonly from: number; readonly by: number } {
  const age = history_ttl * 1000;
  const expiry =
    oldest === null ? used + history_meta_ttl * 1000 + CHANNEL_LIMITS.streamUseTolerance : oldest + age;
  const stay = oldest === null ? STREAMS_STAY : age * ROWS_STAY;
  return { from: expiry + stay / 2, by: expiry + stay };
}
