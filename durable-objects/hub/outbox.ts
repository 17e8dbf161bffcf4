import { Pace } from "../../src/channels/pace.ts";
import { HUB_LIMITS } from "../../src/limits.ts";
import type { Session } from "./session.ts";

/** Immediate flushes between two tries to collect more. */
const PROBE_EVERY = 16;

/** What a flush is made of, in this order. */
export interface FlushSteps {
  /**
   * Stores what was published, hands it to the sessions here, and answers the publishers. Returns whether anything was
   * written. Must not throw.
   */
  store(now: number): boolean;
  /** Resolves when everything that was written is durable. */
  durable(): Promise<void>;
  /** Sends what is queued for a session. Must not throw. */
  send(session: Session): void;
  /** Calls other hubs with what is queued for them. Must not throw. */
  call(): void;
  /** A step has thrown all the same: the clients of this tick would wait for ever if nothing were done. */
  fail(failure: unknown): void;
}

/**
 * Collects what one turn of the event loop brings, so that it costs one transaction, one frame for each session and one
 * call for each other hub. A lone message on a quiet hub is not held up.
 *
 * While a write becomes durable, the output gate holds every frame back anyway. So whatever comes meanwhile is collected
 * for the next flush: the slower the disk, the larger the flushes, instead of a queue of small writes.
 */
export class Outbox {
  readonly #steps: FlushSteps;
  readonly #pace = new Pace(HUB_LIMITS.quiet, PROBE_EVERY);
  #sessions: Session[] = [];
  #isDue = false;
  #isCommitting = false;
  #events = 0;
  #timerSince = 0;
  #lag = 0;

  constructor(steps: FlushSteps) {
    this.#steps = steps;
  }

  /** How late the last flush that waited was, in milliseconds. */
  get lag(): number {
    return this.#lag;
  }

  /** Notes that an event has come: a message, or a call from another hub. */
  noteEvent(): void {
    this.#events += 1;
  }

  /** Asks for a flush, when the code that is running now has ended or later. */
  schedule(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    if (!this.#isCommitting) queueMicrotask(() => this.#settle());
  }

  /** Queues a session whose frame is due with the flush. */
  queue(session: Session): void {
    this.#sessions.push(session);
    this.schedule();
  }

  #settle(): void {
    const now = Date.now();
    if (this.#pace.flushesNow(now)) {
      this.#flush(now);
      return;
    }
    this.#wait(now);
  }

  #wait(now: number): void {
    this.#timerSince = now;
    // A microtask would never collect anything: each message is an event of its own.
    setTimeout(() => this.#late(), 0);
  }

  #late(): void {
    const now = Date.now();
    this.#lag = now - this.#timerSince;
    this.#pace.collected(this.#events);
    this.#flush(now);
  }

  /** An exception in a timer closes nothing and tells nobody, so it ends here. */
  #flush(now: number): void {
    try {
      this.#carryOut(now);
    } catch (failure) {
      this.#steps.fail(failure);
    }
  }

  #carryOut(now: number): void {
    this.#events = 0;
    const hasWritten = this.#steps.store(now);
    this.#isDue = false;
    const sessions = this.#sessions;
    this.#sessions = [];
    for (const session of sessions) this.#steps.send(session);
    this.#steps.call();
    if (hasWritten) void this.#commit();
  }

  async #commit(): Promise<void> {
    this.#isCommitting = true;
    try {
      await this.#steps.durable();
    } catch {
      // A write that fails resets the object: there is no later flush.
    }
    this.#isCommitting = false;
    // Publishers that have just been answered are about to go on: they had better all come in the next flush.
    if (this.#isDue) this.#wait(Date.now());
  }
}
