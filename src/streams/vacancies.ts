import type { HubRpc } from "../hub-rpc/hub-rpc.ts";
import type { EndedRegistration } from "../hub-rpc/messages.ts";
import type { HubJob } from "../shared/alarm-jobs.ts";
import { HUB_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import type { Follower } from "./follower.ts";

/** What vacancies need of their hub. */
export interface HubOfVacancies {
  readonly name: string;
  readonly follower: Follower;
  /** Milliseconds after which a call to another hub is given up. */
  readonly callTimeout: number;
  homeOf(channel: string): string;
  stubOf(hub: string): HubRpc;
  wakeAt(time: number, job: HubJob): void;
}

/**
 * Channels of other homes that nobody here is subscribed to any more. Their homes are told by the alarm, when nobody has
 * come back: a timer would keep the object awake.
 */
export class Vacancies {
  readonly #hub: HubOfVacancies;
  /** Since when, in milliseconds: the oldest first. */
  readonly #since = new Map<string, number>();

  constructor(hub: HubOfVacancies) {
    this.#hub = hub;
  }

  /** When the alarm is needed next, in milliseconds. */
  get nextDue(): number | undefined {
    const oldest = this.#since.values().next();
    return oldest.done ? undefined : oldest.value + this.#delay;
  }

  note(channel: string, now: number): void {
    this.#since.delete(channel);
    this.#since.set(channel, now);
    this.#hub.wakeAt(now + this.#delay, "vacancies");
  }

  /** Ends the registrations of what has been vacant for long enough. */
  resume(now: number): void {
    const ended = Map.groupBy(this.#takeDue(now), ({ channel }) => this.#hub.homeOf(channel));
    for (const [home, registrations] of ended)
      for (let first = 0; first < registrations.length; first += HUB_LIMITS.unfollows)
        void this.#unfollow(home, registrations.slice(first, first + HUB_LIMITS.unfollows));
  }

  /** By then no follow that has failed is on its way any more, and the object is still awake. */
  get #delay(): number {
    return this.#hub.callTimeout;
  }

  #takeDue(now: number): EndedRegistration[] {
    const ended: EndedRegistration[] = [];
    for (const [channel, since] of this.#since) {
      if (since + this.#delay > now) break;
      this.#since.delete(channel);
      const registration = this.#hub.follower.leave(channel);
      if (registration) ended.push(registration);
    }
    return ended;
  }

  /** A call that fails is not repeated: the home finds out when it delivers or asks. */
  async #unfollow(home: string, registrations: readonly EndedRegistration[]): Promise<void> {
    const { name: hub } = this.#hub;
    try {
      await this.#hub.stubOf(home).unfollow({ hub, registrations });
    } catch (failure) {
      logFailure("hub.unfollow_failed", failure, { home });
    }
  }
}
