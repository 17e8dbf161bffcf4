import type { ConnectionConfig } from "../config/connection.ts";
import type { HubJob } from "../shared/alarm-jobs.ts";
import { type CloseDefinition, DISCONNECTS, UNSUBSCRIBES } from "../shared/codes.ts";
import { isOver } from "../shared/expiry.ts";
import { hash } from "../shared/hash.ts";
import { HUB_LIMITS, SESSION_LIMITS } from "../shared/limits.ts";
import { nextTick, tickBetween } from "../shared/schedule.ts";
import { mustAnswerPings } from "./pongs.ts";
import type { Session } from "./session.ts";
import type { Subscription } from "./state.ts";

/** What the heartbeat needs of its hub. */
export interface HubOfHeartbeat {
  readonly name: string;
  readonly config: { readonly connection: ConnectionConfig };
  readonly sessions: Iterable<Session> & { readonly size: number };
  readonly renewals: Renewals;
  readonly membership: {
    unsubscribe(session: Session, subscription: Subscription, why: CloseDefinition): void;
  };
}

/** Has what has expired renewed, where a hook does that and not the client. */
interface Renewals {
  readonly renewsConnections: boolean;
  readonly renewsSubscriptions: boolean;
  /** Whether the answer about a session or a subscription is still to come. */
  isAsking(about: Session | Subscription): boolean;
  renewConnection(session: Session): void;
  renewSubscription(session: Session, subscription: Subscription): void;
}

/** What is regularly looked at in every session: whether it connected, whether it is alive, whether it has expired. */
export class Heartbeat {
  readonly #hub: HubOfHeartbeat;
  /** When every session was last looked at, in milliseconds. */
  #lastBeat = 0;

  constructor(hub: HubOfHeartbeat) {
    this.#hub = hub;
  }

  /** When a session last gave a sign of life, in milliseconds. */
  lastSignOf(session: Session): number {
    return Math.max(session.connection.lastPong, session.lastFrame);
  }

  /** Whether a session has left its last ping unanswered for longer than a client that is there takes. */
  isSilent(session: Session, now: number): boolean {
    if (!mustAnswerPings(this.#hub.config.connection, session) || !session.isConnected) return false;
    const lastPing = tickBetween(this.#phase, this.#interval, 0, now - SESSION_LIMITS.pongDelay) ?? 0;
    return this.lastSignOf(session) < lastPing;
  }

  /** When the next ping is due. Each hub has a phase of its own, so that not all of them wake at once. */
  nextPing(now: number): number {
    return nextTick(this.#phase, this.#interval, now);
  }

  /**
   * Looks at every session. `scheduledTime` is what the alarm was set for; without it, pings are due. An alarm for
   * something else may run so late that the time of a ping has passed: the next one is set for the ping after it.
   */
  beat(now: number, scheduledTime: number | undefined): void {
    this.#lastBeat = now;
    const due =
      scheduledTime === undefined
        ? now
        : tickBetween(this.#phase, this.#interval, scheduledTime - 1, Math.max(now, scheduledTime));
    for (const session of [...this.#hub.sessions]) {
      if (this.#endIfOver(session, now)) continue;
      if (due !== undefined && session.isConnected) this.#ping(session, due);
      if (!session.isClosed) this.#expireSubscriptions(session, now);
    }
  }

  /** When to look again, in milliseconds, or undefined when there are no sessions. */
  nextBeat(now: number): number | undefined {
    if (this.#hub.sessions.size === 0) return undefined;
    let next = Number.POSITIVE_INFINITY;
    for (const session of this.#hub.sessions) next = Math.min(next, this.nextLook(session, now));
    return Math.max(next, now + 1);
  }

  /** What a look at the sessions at this time is for. */
  jobAt(time: number, now: number): HubJob {
    return time === this.nextPing(now) ? "ping" : "expiry";
  }

  /**
   * When to look at a session again, in milliseconds: at its next ping, or when something of it runs out before. One that
   * has not connected gets no pings, and a hub with nobody else needs no alarm for them.
   */
  nextLook(session: Session, now: number): number {
    const deadline = this.#deadline(session);
    return session.state.connected ? Math.min(deadline, this.nextPing(now)) : deadline;
  }

  get #interval(): number {
    return this.#hub.config.connection.pingInterval * 1000;
  }

  get #phase(): number {
    return hash(this.#hub.name) % this.#interval;
  }

  #endIfOver(session: Session, now: number): boolean {
    const { expireAt, connected, since } = session.state;
    const { staleCloseDelay, expiredCloseDelay } = this.#hub.config.connection;
    if (!connected) {
      if (since + staleCloseDelay * 1000 > now) return false;
      session.disconnect(DISCONNECTS.stale);
      return true;
    }
    if (expireAt === undefined) return false;
    const { renewals } = this.#hub;
    if (renewals.renewsConnections) {
      if (isOver(expireAt, now)) renewals.renewConnection(session);
      return false;
    }
    if (!isOver(expireAt + expiredCloseDelay, now)) return false;
    session.disconnect(DISCONNECTS.expired);
    return true;
  }

  /** Pings a session that has given a sign of life since the ping before, and ends it otherwise. */
  #ping(session: Session, dueAt: number): void {
    const { connection } = this.#hub.config;
    const lastSign = this.lastSignOf(session);
    if (mustAnswerPings(connection, session) && lastSign < dueAt - this.#interval) {
      const waiting = session.connection.buffered ?? session.outputBacklog;
      session.disconnect(waiting > connection.queueSize ? DISCONNECTS.slow : DISCONNECTS.noPong);
      return;
    }
    session.noteSign(lastSign);
    session.ping();
  }

  #expireSubscriptions(session: Session, now: number): void {
    const { renewals } = this.#hub;
    const delay = renewals.renewsSubscriptions ? 0 : this.#hub.config.connection.expiredCloseDelay;
    for (const subscription of [...session.subscriptions.values()]) {
      const { expireAt, isServerSide } = subscription;
      if (expireAt === undefined || !isOver(expireAt + delay, now)) continue;
      if (renewals.renewsSubscriptions) renewals.renewSubscription(session, subscription);
      else if (isServerSide) session.disconnect(DISCONNECTS.subscriptionExpired);
      else this.#hub.membership.unsubscribe(session, subscription, UNSUBSCRIBES.expired);
    }
  }

  #deadline(session: Session): number {
    const { connected, since, expireAt } = session.state;
    const { staleCloseDelay, expiredCloseDelay } = this.#hub.config.connection;
    // Sockets that come one by one and never connect share alarms: each is a written row.
    if (!connected) return Math.max(since + staleCloseDelay * 1000, this.#lastBeat + HUB_LIMITS.staleSpacing);
    const { renewals } = this.#hub;
    const delay = renewals.renewsConnections ? 0 : expiredCloseDelay;
    const subscriptionDelay = renewals.renewsSubscriptions ? 0 : expiredCloseDelay;
    let deadline = Number.POSITIVE_INFINITY;
    if (expireAt !== undefined && !renewals.isAsking(session)) deadline = (expireAt + delay) * 1000;
    for (const subscription of session.subscriptions.values()) {
      if (subscription.expireAt === undefined || renewals.isAsking(subscription)) continue;
      deadline = Math.min(deadline, (subscription.expireAt + subscriptionDelay) * 1000);
    }
    return deadline;
  }
}
