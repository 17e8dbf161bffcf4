import type { ChannelOptions } from "../channels/options.ts";
import type { HistoryRead, PublicationRun } from "../hub-rpc/messages.ts";
import type { HubJob } from "../shared/alarm-jobs.ts";
import { type CloseDefinition, UNSUBSCRIBES } from "../shared/codes.ts";
import { CHANNEL_LIMITS, HUB_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import { Backlog } from "./backlog.ts";
import { createEpoch } from "./epoch.ts";
import { acknowledge, HomeChannel, type Pending, refuse, type Tick } from "./home-channel.ts";
import { countFitting, runAfter } from "./publication-run.ts";
import { dueOf, type HubOfRetention, Retention } from "./retention.ts";
import { firstUnsettled, readChannel } from "./stored-channel.ts";
import type { StoredStream } from "./stream-store.ts";
import { SweepSchedule } from "./sweep-schedule.ts";
import { UnsettledChannels } from "./unsettled-channels.ts";

/** What a home needs of its hub. */
export interface HubOfHome extends HubOfRetention {
  optionsOf(channel: string): ChannelOptions | undefined;
  /** Makes sure that the alarm comes for a job at this time, in milliseconds, or before. */
  wakeAt(time: number, job: HubJob): void;
  /** Asks for a flush. */
  schedule(): void;
  /** Ends the subscriptions of this hub's sessions to a channel. */
  endSubscriptions(channel: string, why: CloseDefinition): void;
}

/** The streams of the channels that are homed at one hub: numbers, stores and hands out what is published. */
export class Home {
  readonly unsettled: UnsettledChannels;
  readonly #hub: HubOfHome;
  readonly #channels = new Map<string, HomeChannel>();
  readonly #backlog = new Backlog(this.#channels);
  readonly #touched = new Set<HomeChannel>();
  readonly #sweep = new SweepSchedule();
  readonly #retention: Retention;
  /** When something stored is to be deleted, in milliseconds: not known after sleep. */
  #trimAt = 0;

  constructor(hub: HubOfHome) {
    this.#hub = hub;
    this.#retention = new Retention(hub);
    this.unsettled = new UnsettledChannels(hub);
  }

  /** Channels that are in memory. */
  get size(): number {
    return this.#channels.size;
  }

  /** The channel as it is known here, or undefined when its namespace is not configured. */
  channel(name: string): HomeChannel | undefined {
    const known = this.#channels.get(name);
    if (known) return known;
    const options = this.#hub.optionsOf(name);
    return options && this.#load(new HomeChannel(name, options));
  }

  /**
   * Gives a channel with history its epoch, if it has none yet. Of a stream in which nothing was ever published it is
   * stored by whoever is to find it again: a session here with `hold`, a follower with its registration.
   */
  open(channel: HomeChannel, now: number): void {
    if (!channel.hasHistory) return;
    if (channel.epoch === "") this.#begin(channel, now);
    else this.#touch(channel, now);
  }

  /** Stores a stream that a session of this hub subscribes to. */
  hold(channel: HomeChannel, now: number): void {
    if (channel.hasHistory && !channel.isStored) this.#use(channel, channel.epoch, now);
  }

  /** Stores a registration, and sees to it that the follower is asked one day whether it still is one. */
  saveFollower(channel: HomeChannel, hub: string, generation: number, now: number): void {
    const { name, epoch, options } = channel;
    this.#hub.store.saveFollower(name, { hub, generation, epoch, used: now });
    if (!channel.isStored && channel.followers.size === 1) channel.used = now;
    this.#touch(channel, now);
    this.#trimBy(dueOf(options, { used: channel.used, oldest: null }).by);
  }

  /** Ends a registration, and the stream with it where nobody is left and nothing was ever published. */
  forgetFollower(channel: HomeChannel, hub: string): void {
    channel.deleteFollower(hub);
    this.#hub.store.deleteFollower(channel.name, hub);
    if (this.#retention.isVacant(channel)) this.#retention.release(channel);
    this.unsettled.note(channel);
  }

  /** The last session here has left a channel: the alarm, which comes to where sessions were, looks what is of no use now. */
  vacated(): void {
    this.#trimAt = 0;
  }

  /** Queues something for the next flush. */
  submit(channel: HomeChannel, pending: Pending): void {
    channel.add(pending);
    this.#touched.add(channel);
    this.#hub.schedule();
  }

  /** Stored publications, ascending. What `history_size` and `history_ttl` no longer keep is not among them. */
  read(channel: HomeChannel, read: HistoryRead, now: number): PublicationRun {
    const after = Math.max(read.after ?? 0, channel.firstKept - 1);
    return this.#hub.store.read(channel.name, { ...read, after }, channel.oldestKept(now));
  }

  /** What comes after an offset, as much as fits into `length` characters; undefined when the first of it is gone. */
  after(channel: HomeChannel, offset: number, length: number, now: number): PublicationRun | undefined {
    if (offset >= channel.top) return { first: offset + 1, publications: [] };
    const inMemory = runAfter(channel.recent, offset);
    const publications =
      inMemory.length > 0
        ? inMemory
        : runAfter(this.read(channel, { after: offset, limit: channel.top - offset, length }, now), offset);
    if (publications.length === 0) return undefined;
    return { first: offset + 1, publications: publications.slice(0, countFitting(publications, length)) };
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

  /** Delivers again what was not acknowledged, also before the object went to sleep, and writes where all of it was. */
  resume(): void {
    this.unsettled.resume((name) => this.channel(name));
  }

  /** Forgets channels of which everything is stored, or nothing need be: they are read again when they are asked for. */
  sweep(): void {
    const { locals } = this.#hub;
    for (const [name, channel] of this.#channels) {
      if (channel.followers.size === 0 && !locals.has(name) && !this.#touched.has(channel))
        this.#channels.delete(name);
    }
    this.#sweep.swept(this.#channels.size);
  }

  /** Removes what is too old. Returns when to do so again, in milliseconds, or undefined for never. */
  trimDue(now: number): number | undefined {
    if (now >= this.#trimAt) this.#trimAt = this.#trim(now);
    return this.#trimAt === Number.POSITIVE_INFINITY ? undefined : this.#trimAt;
  }

  /** Removes what is too old of everything that is stored. Returns when to do so again, Infinity for never. */
  #trim(now: number): number {
    let next = Number.POSITIVE_INFINITY;
    const due: string[] = [];
    for (const age of this.#hub.store.ages()) {
      const { channel } = age;
      const options = this.#hub.optionsOf(channel);
      const { from, by } =
        options && !this.#retention.isForNobody(age) ? dueOf(options, age) : { from: now, by: now };
      if (from <= now) due.push(channel);
      else next = Math.min(next, by);
    }
    for (const name of due) next = Math.min(next, this.#trimChannel(name, now));
    return next;
  }

  /** Returns when to do so again, Infinity for never. */
  #trimChannel(name: string, now: number): number {
    const channel = this.channel(name);
    // What waits for the flush is numbered by the stream as it is.
    if (channel && this.#touched.has(channel)) return now + HUB_LIMITS.settleDelay;
    const next = channel && this.#retention.trim(channel, now);
    // Without a channel the namespace is gone: nothing of it can be read.
    if (channel === undefined) this.#hub.store.deleteChannel(name);
    else if (next === undefined) this.#channels.delete(name);
    return next ?? Number.POSITIVE_INFINITY;
  }

  #trimBy(time: number): void {
    this.#trimAt = Math.min(this.#trimAt, time);
    this.#hub.wakeAt(time, "trim");
  }

  #load(channel: HomeChannel): HomeChannel {
    const { beginsAnew } = readChannel(this.#hub.store, channel);
    if (beginsAnew) this.#hub.endSubscriptions(channel.name, UNSUBSCRIBES.insufficientState);
    if (this.#sweep.isDue(this.#channels.size)) this.sweep();
    this.#channels.set(channel.name, channel);
    this.unsettled.note(channel);
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
      Object.assign(channel, streams.get(channel), { isStored: true, published: channel.dateOf(now) });
      this.unsettled.note(channel);
      if (channel.followers.size > 0) {
        this.#backlog.remember(channel, run);
        this.#hub.wakeAt(now + HUB_LIMITS.settleDelay, "settle");
      }
      this.#trimBy(dueOf(channel.options, { used: now, oldest: now }).by);
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
    store.append(
      name,
      { first: run.first + surplus, publications: run.publications.slice(surplus) },
      channel.dateOf(now),
    );
    const isStale = !this.#isFresh(channel, now);
    const after: StoredStream = {
      epoch: before.epoch === "" ? createEpoch() : before.epoch,
      top,
      used: isStale ? now : before.used,
      unsettled: before.unsettled ?? (followers.size > 0 ? firstUnsettled(channel, run.first) : undefined),
    };
    if (isStale || after.epoch !== before.epoch || after.unsettled !== before.unsettled)
      store.saveStream(name, after);
    this.#retention.trimBySize(channel, top, now);
    return after;
  }

  #handOut(tick: Tick): void {
    const { channel, run, unnumbered, joinLeave } = tick;
    const { locals } = this.#hub;
    locals.publishTo(channel.name, run, unnumbered);
    locals.get(channel.name)?.announce(joinLeave);
    if (channel.followers.size > 0) this.#hub.deliveries.queue(tick, this.#backlog);
  }

  #isFresh({ isStored, used }: HomeChannel, now: number): boolean {
    return isStored && now - used < CHANNEL_LIMITS.streamUseTolerance;
  }

  /** Notes that a stream that is stored is in use. */
  #touch(channel: HomeChannel, now: number): void {
    if (channel.isStored && !this.#isFresh(channel, now)) this.#use(channel, channel.epoch, now);
  }

  #begin(channel: HomeChannel, now: number): void {
    // Followers of a stream that was there before this one are to be told so, over any sleep.
    if (channel.isStored || channel.followers.size > 0) this.#use(channel, createEpoch(), now);
    else channel.epoch = createEpoch();
  }

  #use(channel: HomeChannel, epoch: string, used: number): void {
    const { top, followers } = channel;
    const unsettled =
      channel.unsettled ?? (followers.size > 0 ? firstUnsettled(channel, undefined) : undefined);
    const stream: StoredStream = { epoch, top, used, unsettled };
    this.#hub.store.transaction(() => this.#hub.store.saveStream(channel.name, stream));
    Object.assign(channel, stream, { isStored: true });
    this.unsettled.note(channel);
    this.#trimBy(dueOf(channel.options, { used, oldest: null }).by);
  }
}
