import { HUB_LIMITS } from "../../src/shared/limits.ts";
import type { Client } from "./client.ts";
import type { Hub } from "./hub.ts";
import { Disturbance, isMeant } from "./network.ts";
import { idOf } from "./payloads.ts";
import { REPLY_LIMITS } from "./settings.ts";
import {
  Deliveries,
  Follower,
  type FollowRequest,
  Home,
  type HomeChannel,
  type HubOfDeliveries,
  type HubOfFollower,
  type HubOfHome,
  type HubOfRemoteHomes,
  type HubOfVacancies,
  LocalChannels,
  type PublishAnswer,
  Registry,
  RemoteHomes,
  SqlStreamStore,
  type Submission,
  Vacancies,
  wireVersions,
} from "./subject.ts";

/** How long a flush may wait for others, in milliseconds: a quiet hub does not wait. */
const FLUSH_DELAYS = [0, 0, 0, 5, 30];

/** What a hub has in memory from when it wakes until it sleeps or is reset: its parts, put together as the object does. */
export class Life implements HubOfHome, HubOfDeliveries, HubOfFollower, HubOfVacancies, HubOfRemoteHomes {
  isOver = false;
  readonly name: string;
  readonly callTimeout: number;
  readonly store: SqlStreamStore;
  readonly locals = new LocalChannels();
  readonly deliveries: Deliveries;
  readonly home: Home;
  readonly registry: Registry;
  readonly follower: Follower;
  readonly vacancies: Vacancies;
  readonly homes: RemoteHomes;
  /** Rejects when the object is reset. */
  readonly reset: Promise<never>;
  readonly #hub: Hub;
  #rejectAll: (failure: Error) => void = () => {};
  #keepingAwake = 0;
  #isFlushDue = false;

  constructor(hub: Hub) {
    this.#hub = hub;
    this.name = hub.name;
    this.callTimeout = hub.world.settings.callTimeout;
    this.reset = new Promise((_, reject) => {
      this.#rejectAll = reject;
    });
    this.reset.catch(() => {});
    this.store = new SqlStreamStore(hub.storage, wireVersions.stored);
    this.deliveries = new Deliveries(this);
    this.home = new Home(this);
    this.registry = new Registry(this.home, this.deliveries, REPLY_LIMITS);
    this.follower = new Follower(this);
    this.vacancies = new Vacancies(this);
    this.homes = new RemoteHomes(this);
    for (const client of hub.clients) this.locals.add(client.session, client.subscription);
  }

  /** Whether something is under way for which the object stays awake. */
  get isBusy(): boolean {
    return this.#keepingAwake > 0 || this.#isFlushDue;
  }

  /** Keeps the object awake until what is returned is called. */
  stayAwake(): () => void {
    this.#keepingAwake += 1;
    let isReleased = false;
    return () => {
      if (!isReleased) this.#keepingAwake -= 1;
      isReleased = true;
    };
  }

  end(): void {
    this.isOver = true;
    this.#rejectAll(new Disturbance("the object was reset"));
  }

  optionsOf(channel: string) {
    return this.#hub.world.settings.channels[channel];
  }

  homeOf(channel: string): string {
    return homeOf(channel);
  }

  wakeAt(time: number): void {
    if (!this.isOver) this.#hub.alarm.wakeAt(time);
  }

  schedule(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    const { clock, random } = this.#hub.world;
    clock.after(random.pick(FLUSH_DELAYS), () => {
      if (!this.isOver) this.#flush();
    });
  }

  stubOf(hub: string) {
    return this.#hub.world.network.stubOf(this, hub);
  }

  after(channel: HomeChannel, offset: number, length: number) {
    return this.home.after(channel, offset, length, Date.now());
  }

  forgetFollower(channel: HomeChannel, hub: string): void {
    this.home.forgetFollower(channel, hub);
    this.freeIfIdle();
  }

  follow(request: FollowRequest) {
    return this.homes.follow(homeOf(request.channel), request);
  }

  endSubscriptions(channel: string): void {
    for (const client of this.#hub.clientsOf(channel)) {
      this.#hub.clients.delete(client);
      client.ended();
      this.exit(client);
    }
  }

  vacated(channel: string): void {
    if (homeOf(channel) === this.name) this.home.vacated();
    else this.vacancies.note(channel, Date.now());
  }

  /** Takes a session out of its channel. */
  exit({ session, channel }: Client): void {
    this.locals.remove(session, channel);
    if (!this.locals.has(channel)) this.vacated(channel);
  }

  /** Submits something from this hub, wherever its channel is homed. */
  submit(submission: Submission, answer: (answer: PublishAnswer) => void): void {
    const home = homeOf(submission.channel);
    if (home === this.name) this.#submitHere(submission, answer);
    else {
      this.homes.submit(home, submission, answer);
      this.schedule();
    }
  }

  /** Submits for another hub, as the home of the channel. */
  submitFor(submission: Submission): Promise<PublishAnswer> {
    return new Promise((resolve) => {
      this.#submitHere(submission, resolve);
      if (submission.kind !== "publication") resolve({ offset: 0, epoch: "" });
    });
  }

  /** What the object does at its alarm. What fails is tried again. */
  fire(now: number): void {
    try {
      this.home.resume();
      this.vacancies.resume(now);
      for (const time of [this.home.unsettled.nextDue(now), this.home.trimDue(now), this.vacancies.nextDue])
        if (time !== undefined) this.wakeAt(time);
      this.freeIfIdle();
    } catch (failure) {
      if (!isMeant(failure)) throw failure;
      this.wakeAt(now + HUB_LIMITS.settleDelay);
    }
  }

  /** Gives the storage back where nobody is here and nothing is kept. */
  freeIfIdle(): void {
    if (this.#hub.clients.size > 0 || this.vacancies.nextDue !== undefined || !this.store.isEmpty()) return;
    this.store.reset();
    this.#hub.free();
  }

  #submitHere(submission: Submission, answer: (answer: PublishAnswer) => void): void {
    const channel = this.home.channel(submission.channel);
    if (channel === undefined) throw new Error(`there is no channel ${submission.channel}`);
    this.#hub.world.journal.accepted(idOf(submission), Date.now());
    this.home.submit(channel, submission.kind === "publication" ? { ...submission, answer } : submission);
  }

  #flush(): void {
    this.#isFlushDue = false;
    this.home.flush(Date.now());
    this.homes.flush();
    this.deliveries.send();
  }
}

/** Channels of one key live together, as everywhere: `a/long` is homed at `home/a`. */
export function homeOf(channel: string): string {
  return `home/${channel.slice(0, channel.indexOf("/"))}`;
}
