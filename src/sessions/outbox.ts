import { HUB_LIMITS } from "../shared/limits.ts";
import { LongReplies } from "./long-replies.ts";
import type { Session } from "./session.ts";

/** Its `then` costs less than workerd's queueMicrotask, which a lone message would wait for. */
const RESOLVED = Promise.resolve();
/** A flush to so few sessions takes less than a millisecond, so that a clock may tell what came after it. */
const FEW = 16;
/** Milliseconds without a flush after which a message counts as a lone one. */
const SILENCE = 10;
/** Milliseconds after which a hub does not count as late any more: it may have nobody left to flush for. */
const LAG_AGE = 1_000;
/** Milliseconds for which what comes is collected at least, while more of it keeps the timer from firing. */
const COLLECTED = 25;

/** What a flush is made of, in this order. */
export interface FlushSteps {
  /**
   * Stores what was published, hands it to the sessions here, and answers the publishers. Returns whether anything was
   * written. Must not throw.
   */
  store(now: number): boolean;
  /** Resolves when everything that was written is durable. */
  durable(): Promise<void>;
  /** Sends what is queued for a session. Returns how many characters that was. Must not throw. */
  send(session: Session): number;
  /** Calls other hubs with what is queued for them. Must not throw. */
  call(): void;
  /** A step has thrown all the same: the clients of this tick would wait for ever if nothing were done. */
  fail(failure: unknown): void;
}

/**
 * Collects what one turn of the event loop brings, so that it costs one transaction, one frame for each session and one
 * call for each other hub. A lone message on a quiet hub is not held up.
 *
 * What one turn sends is bounded, and the rest leaves with the next: only between turns do sockets pass on what was sent.
 * Who is sent little does not wait for those who are sent much.
 *
 * While a write becomes durable, the output gate holds every frame back anyway. So whatever comes meanwhile is collected
 * for the next flush: the slower the disk, the larger the flushes, instead of a queue of small writes.
 */
export class Outbox {
  readonly replies = new LongReplies();
  readonly #steps: FlushSteps;
  #sessions: Session[] = [];
  #isDue = false;
  #isCommitting = false;
  /** Whether the timer is set that ends the turn: until then, whatever comes is collected. */
  #isTurning = false;
  /** Characters that were sent at this time, in milliseconds: the clock stands still during an event. */
  #sent = { at: 0, length: 0 };
  #flushedAt = 0;
  /** When something began to wait for the flush, in milliseconds. */
  #waitsSince = 0;
  #lag = 0;
  #turnedAt = 0;

  constructor(steps: FlushSteps) {
    this.#steps = steps;
  }

  /** How late the last flush that waited was, in milliseconds; nothing where that is a while ago. */
  get lag(): number {
    return performance.now() - this.#turnedAt < LAG_AGE ? this.#lag : 0;
  }

  /** Asks for a flush, when the code that is running now has ended or later. */
  schedule(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#waitsSince = Date.now();
    if (!this.#isCommitting) void RESOLVED.then(() => this.#flushAtOnce());
  }

  /**
   * To be called when an event begins: flushes what is overdue. The runtime fires no timer while other events are ready,
   * so that one client's burst would hold everything back until its end. It is collected for as long as the last flush
   * took, so that flushes to many sessions are not small ones.
   */
  hurry(now: number): void {
    if (!this.#isDue || this.#isCommitting) return;
    if (this.replies.areTooLong && this.#left(now) > 0) this.#flush(now);
    // The event after that of the flush is the first to know how long it took.
    else if (this.#waitsSince <= this.#flushedAt) this.#waitsSince = now;
    else if (now - this.#waitsSince >= Math.max(COLLECTED, this.#waitsSince - this.#flushedAt))
      this.#flush(now);
  }

  /** Queues a session whose frame is due with the flush. */
  queue(session: Session): void {
    this.#sessions.push(session);
    this.schedule();
  }

  #flushAtOnce(): void {
    if (!this.#isTurning && !this.#isCommitting) this.#flush(Date.now());
  }

  /**
   * What has waited while a flush was carried out comes as events of its own, each as if the hub were quiet: a microtask
   * would collect nothing, and a clock takes the time of the flush for silence. A timer comes after them.
   */
  #turn(): void {
    if (this.#isTurning) return;
    this.#isTurning = true;
    const since = performance.now();
    setTimeout(() => {
      this.#isTurning = false;
      this.#turnedAt = performance.now();
      this.#lag = this.#turnedAt - since;
      if (this.#isDue && !this.#isCommitting) this.#flush(Date.now());
      this.replies.goOn();
    }, 0);
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
    const hasWritten = this.#steps.store(now);
    this.#isDue = false;
    const sent = this.#send(now);
    this.#steps.call();
    // Setting a timer would hold up the frame of a lone message: it leaves when this event is over.
    const isLone =
      sent <= FEW && !this.#isDue && !this.replies.areAwaited && now - this.#flushedAt >= SILENCE;
    this.#flushedAt = now;
    if (hasWritten) void this.#commit();
    else if (isLone) this.#lag = 0;
    else this.#turn();
  }

  /** How much may still be sent at a time. */
  #left(now: number): number {
    if (now !== this.#sent.at) this.#sent = { at: now, length: 0 };
    return HUB_LIMITS.turnLength - this.#sent.length;
  }

  /** Sends as much as may be sent, and what is short to everybody. Returns to how many sessions. */
  #send(now: number): number {
    const sessions = this.#sessions;
    const rest: Session[] = [];
    this.#sessions = [];
    for (const session of sessions) {
      const isDue = this.#left(now) > 0 || session.queuedLength <= HUB_LIMITS.shortOutput;
      if (isDue) this.#sent.length += this.#steps.send(session);
      else rest.push(session);
    }
    if (rest.length > 0) {
      // Those who were queued while others were sent to come after them.
      this.#sessions = [...rest, ...this.#sessions];
      this.#isDue = true;
    }
    return sessions.length - rest.length;
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
    if (!this.#isDue && !this.replies.areAwaited) return;
    this.#waitsSince = Date.now();
    this.#turn();
  }
}
