import type { Events } from "../../src/events/events.ts";
import type { Sessions } from "../../src/sessions/sessions.ts";
import type { ConditionalPublisher } from "../../src/streams/conditional-publisher.ts";
import type { Vacancies } from "../../src/streams/vacancies.ts";
import type { Alarms } from "./alarms.ts";
import type { Reporter } from "./reporter.ts";
import type { SqlEventStore } from "./storage/event-store.ts";
import type { SqlStreamStore } from "./storage/stream-store.ts";

/** The parts of a hub that keep something, or wait for something. */
export interface HubOfUsage {
  readonly sessions: Sessions;
  readonly store: SqlStreamStore;
  readonly conditional: ConditionalPublisher;
  readonly events: Events | undefined;
  readonly eventStore: SqlEventStore | undefined;
  readonly alarms: Alarms;
  readonly vacancies: Vacancies;
  readonly reporter: Reporter;
}

/** Whether a hub is used by anybody, and when its object is given back: one that keeps nothing costs nothing. */
export class Usage {
  readonly #hub: HubOfUsage;
  readonly #storage: DurableObjectStorage;
  #isInUse = false;

  constructor(hub: HubOfUsage, storage: DurableObjectStorage) {
    this.#hub = hub;
    this.#storage = storage;
  }

  /**
   * Whether anybody has connected here, or another hub has asked for something, or anything is kept here. Until then the
   * hub tells nobody of itself: anybody can have a socket opened at the home of a channel, before any credentials.
   */
  get isInUse(): boolean {
    this.#isInUse ||= !this.#keepsNothing;
    return this.#isInUse;
  }

  /** Notes that somebody who connected before the sleep is here. */
  resume(): void {
    this.#isInUse = true;
  }

  /** Notes that the hub is in use from now on. */
  begin(): void {
    if (this.#isInUse) return;
    this.#isInUse = true;
    this.#hub.reporter.noteActivity(Date.now());
  }

  /** Gives the storage back where nobody is here and nothing is kept. */
  async freeIfIdle(): Promise<void> {
    if (!this.#isIdle) return;
    const { store, conditional, eventStore, alarms } = this.#hub;
    store.reset();
    conditional.reset();
    eventStore?.reset();
    alarms.reset();
    await this.#storage.deleteAll();
  }

  /** The alarm goes with the storage, so whatever waits for it counts too. */
  get #isIdle(): boolean {
    const { sessions, reporter, vacancies } = this.#hub;
    const needsAlarm = reporter.isDue || vacancies.nextDue !== undefined;
    return sessions.size === 0 && !needsAlarm && this.#keepsNothing;
  }

  get #keepsNothing(): boolean {
    const { store, conditional, events } = this.#hub;
    return store.isEmpty() && conditional.isEmpty && (events?.isEmpty ?? true);
  }
}
