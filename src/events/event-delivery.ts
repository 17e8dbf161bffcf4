import type { EventConfig } from "../config/events.ts";
import type { Fetch } from "../proxy/request.ts";
import { logEvent, logFailure } from "../shared/log.ts";
import type { EventStore } from "./event-store.ts";
import { delayAfter } from "./retry.ts";
import { handOver } from "./webhook.ts";

/** Brings stored events to the backend, in order, one delivery at a time. The alarm repeats a delivery that failed. */
export class EventDelivery {
  readonly #store: EventStore;
  readonly #config: EventConfig;
  readonly #fetch: Fetch;
  readonly #wakeAt: (time: number) => void;
  #isDelivering = false;
  #pausedUntil = 0;

  constructor(store: EventStore, config: EventConfig, fetch: Fetch, wakeAt: (time: number) => void) {
    this.#store = store;
    this.#config = config;
    this.#fetch = fetch;
    this.#wakeAt = wakeAt;
  }

  /** Delivers the events that are due, unless a delivery is under way. Never throws. */
  send(): void {
    if (!this.#isDelivering && this.#pausedUntil <= Date.now()) void this.#deliverAll();
  }

  /** Drops events that are too old, and the oldest of too many. */
  dropSurplus(now: number): void {
    const dropped = this.#store.dropSurplus(now);
    if (dropped > 0) logEvent("events.dropped", { events: dropped });
  }

  async #deliverAll(): Promise<void> {
    this.#isDelivering = true;
    try {
      while (await this.#deliverNext());
    } catch (failure) {
      logFailure("events.delivery_broken", failure);
    } finally {
      this.#isDelivering = false;
    }
  }

  /** Makes one delivery. Returns whether to go on with the next one. */
  async #deliverNext(): Promise<boolean> {
    const waiting = this.#store.waiting();
    if (waiting === undefined) return false;
    const { ids, events, attempts, due } = waiting;
    if (due > Date.now()) {
      this.#pauseUntil(due);
      return false;
    }
    try {
      await handOver(this.#config, { events }, this.#fetch);
    } catch (failure) {
      logFailure("events.delivery_failed", failure, { events: events.length, attempts: attempts + 1 });
      this.#postpone(ids, attempts + 1);
      return false;
    }
    this.#store.delivered(ids);
    return true;
  }

  #postpone(ids: readonly number[], attempts: number): void {
    const now = Date.now();
    const due = now + delayAfter(attempts);
    this.#store.postpone(ids, attempts, due);
    this.dropSurplus(now);
    this.#pauseUntil(due);
  }

  #pauseUntil(time: number): void {
    this.#pausedUntil = time;
    this.#wakeAt(time);
  }
}
