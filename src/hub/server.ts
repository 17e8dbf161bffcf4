import { budgetRefusal } from "../budget/refusal.ts";
import type { ResolvedConfig } from "../config/config.ts";
import { handleFrame } from "../fronts/centrifugo/dispatch.ts";
import type { HubRpc } from "../hub-rpc/hub-rpc.ts";
import type { Cause } from "../metrics/ledger.ts";
import type { Connection } from "../sessions/connection.ts";
import { mayRead } from "../sessions/rate.ts";
import type { Session } from "../sessions/session.ts";
import { type Handshake, newSessionState } from "../sessions/state.ts";
import { DISCONNECTS } from "../shared/codes.ts";
import { HUB_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import { exceeds, lengthOf, type Message } from "../shared/payload-size.ts";
import type { TraceAnswer, TraceCall } from "../trace/call.ts";
import { rearm, storedAlarm } from "./due-jobs.ts";
import type { HubSettings, Platform } from "./platform.ts";
import type { HubReading } from "./reporter.ts";
import { rpcServer } from "./rpc-server.ts";
import { standingOf } from "./standing.ts";
import { Traces } from "./traces.ts";
import { Wiring } from "./wiring.ts";

/** A hub, event by event: its platform tells it of connections, frames, calls and alarms. */
export class HubServer {
  /** Answers other hubs. */
  readonly rpc: HubRpc;
  readonly #platform: Platform;
  readonly #settings: HubSettings;
  readonly #parts: Wiring;
  readonly #traces: Traces;

  constructor(platform: Platform, config: ResolvedConfig, settings: HubSettings) {
    this.#platform = platform;
    this.#settings = settings;
    this.#parts = new Wiring(platform, config, settings);
    this.#traces = new Traces(this.#parts);
    this.rpc = rpcServer(settings.wireVersions.calls, () => this.#awake("call"));
  }

  /** Whether a newcomer is to try another hub: they may not take the places of those who are known. */
  get refusal(): string | undefined {
    const hub = this.#awake("connect");
    const now = Date.now();
    // Who looks at the overview may do so above all when it costs too much.
    if (hub.overview === undefined && hub.shedding.refuses("connections", now))
      return budgetRefusal(hub.shedding.levelAt(now));
    return standingOf(hub, this.#platform.connections.held, this.#settings).isFull ? "full" : undefined;
  }

  /** Takes in a new connection: `refusal` has been asked before. */
  accept(connection: Connection, handshake: Handshake): Session {
    const hub = this.#parts;
    const session = hub.accept(connection, newSessionState(Date.now(), handshake));
    hub.wakeForExpiry(session);
    return session;
  }

  /** Takes a frame of a client, which came by its socket or in a request. */
  message(connection: Connection, message: Message, cause: "message" | "request" = "message"): void {
    const hub = this.#awake(cause);
    const session = hub.sessions.of(connection);
    if (session === undefined || session.isClosed) return;
    const now = Date.now();
    session.noteSeen(now);
    hub.counters.noteFrame(lengthOf(message));
    if (exceeds(hub.config.connection.messageSizeLimit, message))
      session.disconnect(DISCONNECTS.messageTooLarge);
    else if (mayRead(hub, session, message, now)) handleFrame(hub, session, message);
  }

  /** A client has closed its connection, or is gone. */
  closed(connection: Connection, code: number): void {
    const hub = this.#awake("close");
    const session = hub.sessions.of(connection) ?? hub.sessions.recall(connection);
    if (session) hub.gone(session, code);
  }

  /** Does what is due. `scheduledTime` is what the alarm was set for, in milliseconds; undefined where that is not known. */
  async alarm(scheduledTime: number | undefined): Promise<void> {
    const hub = this.#parts;
    hub.wake();
    const now = Date.now();
    const { job, wanted } = hub.alarms.fired(scheduledTime) ?? storedAlarm(hub, scheduledTime, now);
    hub.counters.ledger.note(`alarm:${job}`, now);
    hub.counters.alarms += 1;
    // The platform gives up an alarm after six failures, and a hub without an alarm holds dead sockets for ever.
    try {
      hub.breaker.woke(job, wanted, now);
      hub.heartbeat.beat(now, scheduledTime);
      hub.sessions.sweep();
      hub.home.resume();
      hub.vacancies.resume(now);
      hub.events?.resume(now, scheduledTime);
      rearm(hub, now);
      await hub.reporter.report(now);
      await hub.usage.freeIfIdle();
    } catch (failure) {
      logFailure("hub.alarm_failed", failure, { hub: hub.name, job });
      hub.wakeAt(now + HUB_LIMITS.settleDelay, "retry");
      hub.wakeAt(hub.heartbeat.nextPing(now), "ping");
    }
  }

  /** What this hub has counted, and how things stand. */
  reading(): HubReading {
    return this.#awake("call").reporter.reading(Date.now());
  }

  /** Starts a trace. The hub stays awake as long as it tells. */
  startTrace(call: TraceCall): TraceAnswer {
    this.#awake("call");
    return this.#traces.start(call);
  }

  /** The hubs that follow a channel of this home. */
  followersOf(channel: string): readonly string[] {
    return [...this.#awake("call").followersOf(channel)];
  }

  /** The hub, awake, and sure of an alarm: without one, dead sockets would stay for ever. */
  #awake(cause: Cause): Wiring {
    const hub = this.#parts;
    const now = Date.now();
    if (!hub.sessions.isAwake) {
      hub.wake();
      const next = hub.heartbeat.nextBeat(now);
      if (next !== undefined) hub.wakeAt(next, hub.heartbeat.jobAt(next, now));
    }
    hub.outbox.hurry(now);
    hub.counters.ledger.note(cause, now);
    hub.reporter.noteActivity(now);
    return hub;
  }
}
