import type { Events } from "../events/events.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { Vacancies } from "../streams/vacancies.ts";
import type { Alarms } from "./alarms.ts";
import type { Kept, Platform, Stores } from "./platform.ts";
import type { Reporter } from "./reporter.ts";

/** The parts of a hub that keep something, or wait for something. */
export interface HubOfUsage {
  readonly sessions: Pick<Sessions, "size">;
  readonly stores: Stores;
  readonly events: Pick<Events, "isEmpty"> | undefined;
  readonly alarms: Pick<Alarms, "reset">;
  readonly vacancies: Pick<Vacancies, "nextDue">;
  readonly reporter: Pick<Reporter, "isDue" | "noteActivity">;
}

/** Whether a hub is used by anybody, and when its object is given back: one that keeps nothing costs nothing. */
export class Usage {
  readonly #hub: HubOfUsage;
  readonly #platform: Pick<Platform, "deleteAll">;
  #isInUse = false;

  constructor(hub: HubOfUsage, platform: Pick<Platform, "deleteAll">) {
    this.#hub = hub;
    this.#platform = platform;
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
    for (const store of Object.values(this.#hub.stores)) (store as Kept).reset();
    this.#hub.alarms.reset();
    await this.#platform.deleteAll();
  }

  /** The alarm goes with the storage, so whatever waits for it counts too. */
  get #isIdle(): boolean {
    const { sessions, reporter, vacancies } = this.#hub;
    const needsAlarm = reporter.isDue || vacancies.nextDue !== undefined;
    return sessions.size === 0 && !needsAlarm && this.#keepsNothing;
  }

  get #keepsNothing(): boolean {
    const { stores, events } = this.#hub;
    const { streams, sessions, conditions, blocks } = stores;
    const kept = [streams, sessions, conditions, blocks];
    return kept.every((store) => store.isEmpty()) && (events?.isEmpty ?? true);
  }
}
