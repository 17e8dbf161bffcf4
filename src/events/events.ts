import type { BackendEvent, EventKind } from "../channels/backend-event.ts";
import { parseChannel } from "../channels/names.ts";
import type { EventConfig } from "../config/events.ts";
import type { Occupancy } from "../hub-rpc/messages.ts";
import type { Fetch } from "../proxy/request.ts";
import type { Session } from "../sessions/session.ts";
import type { HubJob } from "../shared/alarm-jobs.ts";
import { EVENT_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import type { LocalChannels } from "../streams/local-channels.ts";
import { EventDelivery } from "./event-delivery.ts";
import type { EventStore, RosterEntry } from "./event-store.ts";
import { OccupancyReports } from "./occupancy-reports.ts";

/** What events need of their hub. */
export interface HubOfEvents {
  readonly name: string;
  readonly sessions: Iterable<Session>;
  readonly locals: LocalChannels;
  /** Milliseconds between two alarms, while anybody is here. */
  readonly pingInterval: number;
  /** The home of a channel. */
  homeOf(channel: string): string;
  wakeAt(time: number, job: HubJob): void;
  /** Asks for `flush`. */
  schedule(): void;
  /** Tells the home of channels whether they have subscribers here. */
  reportOccupancy(home: string, reports: readonly Occupancy[]): Promise<void>;
}

/** Something to be written with the next flush. */
type Change =
  | { readonly kind: "add"; readonly entry: RosterEntry }
  | { readonly kind: "remove"; readonly client: string; readonly channel: string }
  | { readonly kind: "occupancy"; readonly hub: string; readonly occupancy: Occupancy };

/** The channel of a roster entry that stands for the connection. */
const CONNECTION = "";

/**
 * Tells a backend who came and went. Events are stored with the flush in which they happened, and so is the roster of
 * who is there. From the roster, `#sweep` finds the events that a crash has lost.
 */
export class Events {
  readonly #store: EventStore;
  readonly #hub: HubOfEvents;
  readonly #config: EventConfig;
  readonly #delivery: EventDelivery;
  readonly #reports: OccupancyReports;
  #changes: Change[] = [];
  #events: BackendEvent[] = [];
  #lastSequence: number | undefined;

  constructor(hub: HubOfEvents, config: EventConfig, store: EventStore, fetch: Fetch) {
    this.#hub = hub;
    this.#config = config;
    this.#store = store;
    this.#delivery = new EventDelivery(store, config, fetch, (time) => hub.wakeAt(time, "events"));
    this.#reports = new OccupancyReports(hub, store);
  }

  opened({ state }: Session): void {
    this.#recordArrival("connection.opened", state, CONNECTION);
  }

  /** `code` is that of the close, from whichever side. */
  closed({ state }: Session, code: number): void {
    this.#recordDeparture("connection.closed", state, CONNECTION, code);
  }

  /** `isFirst`: nobody else of this hub was subscribed to the channel. */
  joined({ state }: Session, channel: string, isFirst: boolean): void {
    if (!this.#isWatched(channel)) return;
    if (isFirst) this.#occupy(channel, true);
    this.#recordArrival("member.joined", state, channel);
  }

  /** `isLast`: nobody else of this hub is subscribed to the channel. */
  left({ state }: Session, channel: string, isLast: boolean): void {
    if (!this.#isWatched(channel)) return;
    this.#recordDeparture("member.left", state, channel);
    if (isLast) this.#occupy(channel, false);
  }

  /** Takes another hub's report, as the home of the channels. */
  take(hub: string, reports: readonly Occupancy[]): void {
    for (const occupancy of reports) this.#changes.push({ kind: "occupancy", hub, occupancy });
    if (this.flush(Date.now(), true)) this.#delivery.send();
  }

  /** Stores what has happened. Returns whether anything was written. Throws only when `isStrict`. */
  flush(now: number, isStrict = false): boolean {
    if (this.#changes.length === 0 && this.#events.length === 0) return false;
    const changes = this.#changes;
    const events = this.#events;
    this.#changes = [];
    this.#events = [];
    try {
      this.#store.transaction(() => {
        for (const change of changes) events.push(...this.#write(change, now));
        this.#store.append(events, now);
      });
    } catch (failure) {
      logFailure("events.store_failed", failure, { events: events.length });
      if (isStrict) throw failure;
      return false;
    }
    this.#delivery.dropSurplus(now);
    for (const change of changes) {
      if (change.kind === "occupancy" && change.hub === this.#hub.name) this.#reports.note(change.occupancy);
    }
    this.#hub.wakeAt(now + EVENT_LIMITS.unsent, "events");
    return true;
  }

  /** Delivers what is stored. */
  send(): void {
    this.#delivery.send();
    this.#reports.send();
  }

  /** Called by the alarm: sweeps, if a sweep is due, and delivers. */
  resume(now: number, scheduledTime: number | undefined): void {
    if (this.#isSweepDue(scheduledTime)) this.#sweep(now);
    this.#reports.load();
    this.flush(now);
    this.send();
  }

  /** When the alarm is needed next, in milliseconds; while anybody is connected, it comes with each ping anyway. */
  nextDue(now: number): number | undefined {
    const waiting = this.#store.waiting();
    if (waiting !== undefined) return Math.max(waiting.due, now + EVENT_LIMITS.firstRetry);
    return this.#isNobodyHere && this.#store.needsSweep(this.#hub.name)
      ? now + this.#config.sweepInterval
      : undefined;
  }

  get isEmpty(): boolean {
    return this.#changes.length === 0 && this.#events.length === 0 && this.#store.isEmpty();
  }

  #isWatched(channel: string): boolean {
    return this.#config.namespaces?.has(parseChannel(channel).namespace) ?? true;
  }

  #recordArrival(
    kind: "connection.opened" | "member.joined",
    who: { client: string; user: string },
    channel: string,
  ): void {
    const { client, user } = who;
    const sequence = this.#nextSequence();
    this.#tell(kind, sequence, member(client, user, channel));
    if (this.#config.kinds.has(kind === "member.joined" ? "member.left" : "connection.closed")) {
      this.#change({ kind: "add", entry: { client, channel, user, sequence } });
    }
  }

  #recordDeparture(
    kind: "connection.closed" | "member.left",
    who: { client: string; user: string },
    channel: string,
    code?: number,
  ): void {
    if (!this.#config.kinds.has(kind)) return;
    const about = member(who.client, who.user, channel);
    this.#tell(kind, this.#nextSequence(), code === undefined ? about : { ...about, code });
    this.#change({ kind: "remove", client: who.client, channel });
  }

  #occupy(channel: string, occupied: boolean): void {
    if (!this.#config.kinds.has("channel.occupied") && !this.#config.kinds.has("channel.vacated")) return;
    const occupancy = { channel, occupied, sequence: this.#nextSequence() };
    this.#change({ kind: "occupancy", hub: this.#hub.name, occupancy });
  }

  #tell(
    kind: EventKind,
    sequence: number,
    about: Pick<BackendEvent, "channel" | "client" | "user" | "code">,
  ): void {
    if (!this.#config.kinds.has(kind)) return;
    this.#events.push({ id: crypto.randomUUID(), kind, time: Date.now(), sequence, ...about });
    this.#hub.schedule();
  }

  #change(change: Change): void {
    this.#changes.push(change);
    this.#hub.schedule();
  }

  /** Writes a change. Returns the events that follow from it, for channels whose home this is. */
  #write(change: Change, now: number): BackendEvent[] {
    if (change.kind === "add") this.#store.addToRoster(change.entry);
    else if (change.kind === "remove") this.#store.removeFromRoster(change.client, change.channel);
    else if (this.#hub.homeOf(change.occupancy.channel) !== this.#hub.name)
      this.#store.setOccupancy(change.occupancy);
    else return this.#writeOccupant(change.hub, change.occupancy, now);
    return [];
  }

  #writeOccupant(hub: string, occupancy: Occupancy, now: number): BackendEvent[] {
    const { channel } = occupancy;
    const wasOccupied = this.#store.isOccupied(channel);
    if (!this.#store.setOccupant(hub, occupancy)) return [];
    const isOccupied = this.#store.isOccupied(channel);
    const kind = isOccupied ? "channel.occupied" : "channel.vacated";
    if (wasOccupied === isOccupied || !this.#config.kinds.has(kind)) return [];
    return [{ id: crypto.randomUUID(), kind, time: now, sequence: this.#nextSequence(), channel }];
  }

  /**
   * Larger than any before it. In microseconds, because several events may come in one millisecond. After a wake the
   * clock may be behind, so the last stored sequence counts too.
   */
  #nextSequence(): number {
    const last = this.#lastSequence ?? this.#store.lastSequence();
    const next = Math.max(Date.now() * 1000, last + 1);
    this.#lastSequence = next;
    return next;
  }

  get #isNobodyHere(): boolean {
    return this.#hub.sessions[Symbol.iterator]().next().done === true;
  }

  /** The first alarm of each interval sweeps: its time alone tells that it is the first. */
  #isSweepDue(scheduledTime: number | undefined): boolean {
    if (scheduledTime === undefined || this.#isNobodyHere) return true;
    return scheduledTime % this.#config.sweepInterval < this.#hub.pingInterval;
  }

  #sweep(now: number): void {
    this.flush(now);
    this.#sweepRoster();
    this.#sweepOccupancy();
    this.#store.forgetVacated((now - EVENT_LIMITS.unsent) * 1000);
  }

  /** Makes the missing events: of members on the roster who are gone, and of those here who are not on it. */
  #sweepRoster(): void {
    const sessions = new Map<string, Session>();
    for (const session of this.#hub.sessions)
      if (session.isConnected) sessions.set(session.state.client, session);
    const told = new Map<string, number>();
    for (const { client, user, channel } of this.#store.roster()) {
      const session = sessions.get(client);
      if (session !== undefined && (channel === CONNECTION || session.subscriptions.has(channel)))
        told.set(client, (told.get(client) ?? 0) + 1);
      else
        this.#recordDeparture(
          channel === CONNECTION ? "connection.closed" : "member.left",
          { client, user },
          channel,
        );
    }
    for (const [client, session] of sessions) {
      const expected = this.#watchedOf(session);
      if ((told.get(client) ?? 0) !== expected.length) this.#tellMissing(session, expected);
    }
  }

  /** The channels that the roster should name for a session. */
  #watchedOf({ subscriptions }: Session): string[] {
    const { kinds } = this.#config;
    const channels = kinds.has("member.left") ? [...subscriptions.keys()] : [];
    const watched = channels.filter((channel) => this.#isWatched(channel));
    return kinds.has("connection.closed") ? [CONNECTION, ...watched] : watched;
  }

  #tellMissing(session: Session, expected: readonly string[]): void {
    const told = new Set(this.#store.channelsOf(session.state.client));
    for (const channel of expected) {
      if (told.has(channel)) continue;
      if (channel === CONNECTION) this.opened(session);
      else this.joined(session, channel, false);
    }
  }

  #sweepOccupancy(): void {
    const { name, locals } = this.#hub;
    const told = this.#store.occupancy().filter(({ occupied }) => occupied);
    const stored = new Set([...told.map(({ channel }) => channel), ...this.#store.occupiedBy(name)]);
    for (const channel of stored) if (!locals.has(channel)) this.#occupy(channel, false);
    for (const channel of locals.names) {
      if (!stored.has(channel) && this.#isWatched(channel)) this.#occupy(channel, true);
    }
  }
}

function member(
  client: string,
  user: string,
  channel: string,
): Pick<BackendEvent, "channel" | "client" | "user"> {
  return channel === CONNECTION ? { client, user } : { channel, client, user };
}
