import { SqliteStorage } from "../support/sqlite-storage.ts";
import { Alarm } from "./alarm.ts";
import type { Client } from "./client.ts";
import { Life } from "./life.ts";
import type { Method } from "./network.ts";
import { REPLY_LIMITS } from "./settings.ts";
import {
  type DeliverCall,
  type FollowCall,
  type HistoryCall,
  historyOf,
  type PublishCall,
  SqlStreamStore,
  type UnfollowCall,
  wireVersions,
} from "./subject.ts";
import type { World } from "./world.ts";

/** One object: its storage, its alarm and its sockets stay, and it wakes, sleeps and is reset as on the platform. */
export class Hub {
  readonly name: string;
  readonly world: World;
  readonly storage = new SqliteStorage();
  readonly alarm: Alarm;
  /** Those whose sockets are here, and subscribed. */
  readonly clients = new Set<Client>();
  /** What is stored, as whoever wakes next would find it. */
  readonly stored: SqlStreamStore;
  /** When a subscription to a channel was last set up, in milliseconds. */
  readonly #openedAt = new Map<string, number>();
  #life: Life | undefined;
  #lastEvent = 0;

  constructor(name: string, world: World) {
    this.name = name;
    this.world = world;
    this.stored = new SqlStreamStore(this.storage, wireVersions.stored);
    this.alarm = new Alarm(world, () => this.#fire());
  }

  /** The hub, for something that happens to it. */
  awake(): Life {
    this.#lastEvent = this.world.clock.now;
    if (this.#life) return this.#life;
    this.#life = new Life(this);
    this.world.counts.wakes += 1;
    this.#life.home.resume();
    this.#wakeForPing();
    this.#sleepInTime(this.#life);
    return this.#life;
  }

  clientsOf(channel: string): Client[] {
    return [...this.clients].filter((client) => client.channel === channel);
  }

  /** Falls asleep if the platform would: the memory goes, the sockets stay. */
  sleep(): void {
    const idle = this.world.clock.now - this.#lastEvent;
    if (this.#life === undefined || this.#life.isBusy || idle < this.world.settings.sleepAfter) return;
    this.#life.isOver = true;
    this.#life = undefined;
    this.world.counts.sleeps += 1;
  }

  /** Is reset: memory and sockets go. */
  crash(): void {
    this.#life?.end();
    this.#life = undefined;
    const lost = [...this.clients];
    this.clients.clear();
    for (const client of lost) client.disconnected();
    this.world.dropOpeningsAt(this);
    this.world.counts.crashes += 1;
  }

  /** Notes that a subscription is being set up here, or that it goes on. */
  opening(channel: string): void {
    this.#lastEvent = this.world.clock.now;
    this.#openedAt.set(channel, this.world.clock.now);
  }

  /**
   * Whether a subscription may have brought the sessions here up to date while a call was on its way: what that brings
   * without an offset may then come late.
   */
  mayBeAhead(channel: string): boolean {
    const openedAt = this.#openedAt.get(channel) ?? Number.NEGATIVE_INFINITY;
    return this.world.clock.now - openedAt < LONGEST_CALL;
  }

  /** Gives the storage back. */
  free(): void {
    this.storage.deleteAll();
    this.alarm.forget();
    this.world.counts.freed += 1;
  }

  /** Takes a call of another hub. */
  async take(method: Method, call: unknown): Promise<unknown> {
    const life = this.awake();
    const release = life.stayAwake();
    try {
      return await Promise.race([answer(life, method, call), life.reset]);
    } finally {
      release();
    }
  }

  /** The platform does not wait for longer than it must. */
  #sleepInTime(life: Life): void {
    const { clock, settings } = this.world;
    if (life.isOver || !settings.sleepsInTime) return;
    clock.at(Math.max(this.#lastEvent + settings.sleepAfter, clock.now + LONGEST_FLUSH), () => {
      if (this.#life === life) this.sleep();
      this.#sleepInTime(life);
    });
  }

  #fire(): void {
    const life = this.awake();
    life.fire(this.world.clock.now);
    this.#wakeForPing();
  }

  #wakeForPing(): void {
    if (this.world.settings.pings && this.clients.size > 0)
      this.alarm.wakeAt(this.world.clock.now + PING_INTERVAL);
  }
}

/** All in milliseconds. */
const LONGEST_FLUSH = 100;
const LONGEST_CALL = 50_000;
const PING_INTERVAL = 25_000;

function answer(life: Life, method: Method, call: unknown): unknown {
  switch (method) {
    case "follow":
      return life.registry.answer(call as FollowCall);
    case "unfollow":
      return life.registry.end(call as UnfollowCall);
    case "publish":
      return Promise.all((call as PublishCall).submissions.map((submission) => life.submitFor(submission)));
    case "history":
      return historyOf(life.home, call as HistoryCall, REPLY_LIMITS);
    case "deliver":
      return life.follower.deliver(call as DeliverCall);
  }
}
