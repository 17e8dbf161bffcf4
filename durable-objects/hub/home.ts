import { createEpoch } from "../../src/channels/epoch.ts";
import type { ChannelOptions } from "../../src/channels/options.ts";
import { recoveryRead } from "../../src/channels/recovery.ts";
import { ERRORS } from "../../src/codes.ts";
import { CHANNEL_LIMITS, HUB_LIMITS } from "../../src/limits.ts";
import { logFailure } from "../../src/log.ts";
import type { HistoryRead, Recovering, Run } from "./calls.ts";
import type { Deliveries } from "./deliveries.ts";
import { HomeChannel, type Pending, type Tick } from "./home-channel.ts";
import type { LocalChannels } from "./local-channels.ts";
import type { StoredStream, StreamStore } from "./stream-store.ts";

/** Reads what a recovery needs of a channel that is homed here. */
export function readRecovery(
  home: Home,
  channel: HomeChannel,
  recovery: Recovering,
  now: number,
): Run | undefined {
  const read = recoveryRead({ ...recovery, stream: { offset: channel.top, epoch: channel.epoch } });
  if (read.kind === "none") return undefined;
  if (read.kind === "after") return home.read(channel, { after: read.offset, limit: read.limit }, now);
  return home.read(channel, { limit: 1, reverse: true }, now);
}

/** What a home needs of its hub. */
export interface HubOfHome {
  readonly store: StreamStore;
  readonly locals: LocalChannels;
  readonly deliveries: Deliveries;
  optionsOf(channel: string): ChannelOptions | undefined;
  /** Makes sure that the alarm comes at this time, in milliseconds, or before. */
  wakeAt(time: number): void;
  /** Asks for a flush. */
  schedule(): void;
}

/** The streams of the channels that are homed at one hub: numbers, stores and hands out what is published. */
export class Home {
  readonly #hub: HubOfHome;
  readonly #channels = new Map<string, HomeChannel>();
  readonly #touched = new Set<HomeChannel>();

  constructor(hub: HubOfHome) {
    this.#hub = hub;
  }

  /** The channel as it is known here, or undefined when its namespace is not configured. */
  channel(name: string): HomeChannel | undefined {
    const known = this.#channels.get(name);
    if (known) return known;
    const options = this.#hub.optionsOf(name);
    return options && this.#load(new HomeChannel(name, options));
  }

  /** Gives a channel with history its epoch, if it has none yet. Called on subscribe, so that every client is told one. */
  open(channel: HomeChannel, now: number): void {
    if (!channel.hasHistory) return;
    if (channel.epoch !== "" && now - channel.used < CHANNEL_LIMITS.streamUseTolerance) return;
    if (channel.epoch === "") channel.epoch = createEpoch();
    channel.used = now;
    this.#hub.store.transaction(() => this.#hub.store.saveStream(channel.name, channel));
    this.#hub.wakeAt(this.#metaExpiry(channel));
  }

  /** Queues something for the next flush. */
  submit(channel: HomeChannel, pending: Pending): void {
    channel.add(pending);
    this.#touched.add(channel);
    this.#hub.schedule();
  }

  /** Stored publications, ascending. What `history_size` and `history_ttl` no longer keep is not among them. */
  read(channel: HomeChannel, read: HistoryRead, now: number): Run {
    const after = Math.max(read.after ?? 0, channel.firstKept - 1);
    return this.#hub.store.read(channel.name, { ...read, after }, channel.oldestKept(now));
  }

  /** What comes after an offset, up to the top, or undefined when some of it is gone. */
  after(channel: HomeChannel, offset: number, limit: number, now: number): Run | undefined {
    const { recent, top } = channel;
    if (offset === top) return { first: offset + 1, publications: [] };
    if (recent.first <= offset + 1 && recent.publications.length > 0) {
      const start = offset + 1 - recent.first;
      return { first: offset + 1, publications: recent.publications.slice(start, start + limit) };
    }
    const stored = this.read(channel, { after: offset, limit }, now);
    return stored.first === offset + 1 && stored.publications.length > 0 ? stored : undefined;
  }

  /**
   * Stores what waits in one transaction, then hands it out and answers. Never throws: what cannot be stored is refused.
   * Returns whether anything was written.
   */
  flush(now: number): boolean {
    if (this.#touched.size === 0) return false;
    const ticks = [...this.#touched].map((channel) => channel.takeTick());
    this.#touched.clear();
    let hasWritten = false;
    try {
      hasWritten = this.#store(ticks, now);
    } catch (failure) {
      logFailure("home.store_failed", failure);
      for (const tick of ticks) refuse(tick);
      return false;
    }
    for (const tick of ticks) this.#handOut(tick);
    for (const tick of ticks) acknowledge(tick);
    return hasWritten;
  }

  /** Writes that every follower has everything, once they have. */
  settle(channel: HomeChannel): void {
    channel.forgetAcknowledged();
    if (channel.unsettled === undefined || !channel.isSettled) return;
    channel.unsettled = undefined;
    this.#hub.store.saveStream(channel.name, channel);
  }

  /** Delivers again what was not acknowledged when the object went to sleep. */
  resume(): void {
    for (const name of this.#hub.store.unsettledChannels()) {
      const channel = this.channel(name);
      if (channel) this.#hub.deliveries.catchUp(channel);
    }
  }

  /** Removes what is too old. Returns when to look again, in milliseconds, or undefined when nothing is kept. */
  trim(now: number): number | undefined {
    let next: number | undefined;
    for (const name of this.#hub.store.channels()) {
      const due = this.#trimChannel(name, now);
      if (due !== undefined) next = next === undefined ? due : Math.min(next, due);
    }
    return next;
  }

  #load(channel: HomeChannel): HomeChannel {
    const { store } = this.#hub;
    const stored = channel.hasHistory ? store.stream(channel.name) : undefined;
    if (stored) {
      channel.epoch = stored.epoch;
      channel.top = stored.top;
      channel.used = stored.used;
      channel.unsettled = stored.unsettled;
    }
    channel.recent.first = channel.top + 1;
    for (const { hub, generation } of store.followers(channel.name)) {
      // A settled channel's followers have everything. An unsettled one's have at least what came before.
      const acknowledged = channel.unsettled === undefined ? channel.top : channel.unsettled - 1;
      const isExact = channel.unsettled === undefined;
      channel.followers.set(hub, {
        generation,
        acknowledged,
        isExact,
        isStuck: false,
        pushes: [],
        events: [],
      });
    }
    this.#channels.set(channel.name, channel);
    return channel;
  }

  #store(ticks: readonly Tick[], now: number): boolean {
    const stored = ticks.filter(({ run }) => run.publications.length > 0);
    if (stored.length === 0) return false;
    const streams = new Map<HomeChannel, StoredStream>();
    this.#hub.store.transaction(() => {
      for (const tick of stored) streams.set(tick.channel, this.#append(tick, now));
    });
    for (const { channel, run } of stored) {
      Object.assign(channel, streams.get(channel));
      if (channel.followers.size > 0) {
        channel.remember(run, HUB_LIMITS.followerQueue);
        this.#hub.wakeAt(now + HUB_LIMITS.settleDelay);
      }
      if (channel.trimAt <= now) {
        channel.trimAt = now + channel.options.history_ttl * 1000;
        this.#hub.wakeAt(channel.trimAt);
      }
    }
    return true;
  }

  /** Writes one tick of one channel. Returns what the stream is then, to be believed when the transaction is through. */
  #append({ channel, run }: Tick, now: number): StoredStream {
    const { store } = this.#hub;
    const { name, followers, options } = channel;
    const before: StoredStream = channel;
    const top = before.top + run.publications.length;
    const surplus = Math.max(0, run.publications.length - options.history_size);
    store.append(name, { first: run.first + surplus, publications: run.publications.slice(surplus) }, now);
    const isStale = now - before.used >= CHANNEL_LIMITS.streamUseTolerance;
    const after: StoredStream = {
      epoch: before.epoch === "" ? createEpoch() : before.epoch,
      top,
      used: isStale ? now : before.used,
      unsettled: before.unsettled ?? (followers.size > 0 ? run.first : undefined),
    };
    if (isStale || after.epoch !== before.epoch || after.unsettled !== before.unsettled)
      store.saveStream(name, after);
    this.#trimBySize(channel, top, now);
    return after;
  }

  #trimBySize(channel: HomeChannel, top: number, now: number): void {
    const { history_size } = channel.options;
    const keepAfter = top - history_size;
    if (keepAfter - channel.trimmedTo < Math.max(1, history_size >> 3)) return;
    this.#hub.store.trim(channel.name, keepAfter, channel.oldestKept(now));
    channel.trimmedTo = keepAfter;
  }

  #handOut(tick: Tick): void {
    const { channel, run, pushes, events } = tick;
    const local = this.#hub.locals.get(channel.name);
    local?.publish(run.publications);
    local?.push(pushes);
    local?.announce(events);
    if (channel.followers.size > 0) this.#hub.deliveries.queue(tick);
  }

  #metaExpiry(channel: HomeChannel): number {
    return channel.used + channel.options.history_meta_ttl * 1000 + CHANNEL_LIMITS.streamUseTolerance;
  }

  #trimChannel(name: string, now: number): number | undefined {
    const { store, locals } = this.#hub;
    const channel = this.channel(name);
    if (channel === undefined || !channel.hasHistory) {
      // The namespace is gone or has no history any more: nothing of it can be read.
      store.transaction(() => {
        store.trim(name, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
        store.deleteStream(name);
      });
      return undefined;
    }
    let oldest: number | undefined;
    store.transaction(() => {
      // The top is known from the newest row alone until that row goes.
      store.saveStream(name, channel);
      oldest = store.trim(name, channel.firstKept - 1, channel.oldestKept(now));
    });
    if (oldest !== undefined) return oldest + channel.options.history_ttl * 1000 + 1;
    if (locals.has(name) || channel.followers.size > 0) return now + channel.options.history_meta_ttl * 1000;
    const expiry = this.#metaExpiry(channel);
    if (expiry > now) return expiry;
    store.deleteStream(name);
    this.#channels.delete(name);
    return undefined;
  }
}

function refuse({ pending }: Tick): void {
  for (const entry of pending) {
    if (entry.kind === "publication") entry.answer({ errorCode: ERRORS.internal.code });
  }
}

function acknowledge({ channel, run, pending }: Tick): void {
  let offset = run.first;
  for (const entry of pending) {
    if (entry.kind !== "publication") continue;
    const isStored = channel.hasHistory && !entry.skipHistory;
    entry.answer({ offset: isStored ? offset : 0, epoch: channel.epoch });
    if (isStored) offset += 1;
  }
}
