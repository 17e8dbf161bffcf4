import { DurableObject } from "cloudflare:workers";
import { type Config, type ResolvedConfig, resolveConfig } from "../src/channels/config.ts";
import { REFUSAL_HEADER } from "../src/channels/placement.ts";
import { DISCONNECTS } from "../src/codes.ts";
import { config } from "../src/config.ts";
import type { Env } from "../src/env.ts";
import { HUB_LIMITS, SESSION_LIMITS } from "../src/limits.ts";
import { logFailure } from "../src/log.ts";
import { PONG_REQUEST, PONG_RESPONSE } from "../src/protocol/encode.ts";
import { asksForProtobuf, chooseSubprotocol } from "../src/protocol/subprotocol.ts";
import { isOver } from "../src/rooms/payload.ts";
import { completeClose } from "./close-quietly.ts";
import {
  CALL_VERSION,
  type DeliverCall,
  type DeliveryAnswer,
  type FollowAnswer,
  type FollowCall,
  type HistoryAnswer,
  type HistoryCall,
  type Members,
  type MembersCall,
  type PresenceCall,
  type PublishAnswer,
  type PublishCall,
} from "./hub/calls.ts";
import { handleFrame } from "./hub/commands/dispatch.ts";
import { HubCore } from "./hub/core.ts";
import type { HubStub } from "./hub/hub-stub.ts";

/** Holds protocol sessions, and is the home of the channels that are named like it. */
export class Hub extends DurableObject<Env> implements HubStub {
  #core: HubCore | undefined;

  protected get config(): Config {
    return config;
  }

  /** Sockets that this hub takes before it sends newcomers on. */
  protected get capacity(): number {
    return HUB_LIMITS.sockets;
  }

  /** Milliseconds after which a call to another hub is given up. */
  protected get callTimeout(): number {
    return HUB_LIMITS.callTimeout;
  }

  /** Reaches another hub. */
  protected stubOf(hub: string): HubStub {
    return this.env.HUB.getByName(hub) as unknown as HubStub;
  }

  override async fetch(request: Request): Promise<Response> {
    const core = this.#awake();
    if (core.sessions.size >= this.capacity || core.outbox.lag > HUB_LIMITS.flushLag) {
      return new Response(null, { status: 503, headers: { [REFUSAL_HEADER]: "full" } });
    }
    const subprotocol = chooseSubprotocol(request);
    const headers: Record<string, string> =
      subprotocol === "" ? {} : { "Sec-WebSocket-Protocol": subprotocol };
    const { 0: client, 1: server } = new WebSocketPair();
    if (asksForProtobuf(request)) {
      server.accept();
      server.close(DISCONNECTS.inappropriateProtocol.code, DISCONNECTS.inappropriateProtocol.reason);
      return new Response(null, { status: 101, webSocket: client, headers });
    }
    // The runtime answers a client's pong by itself, with a push that every SDK ignores: the object sleeps on.
    this.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PONG_REQUEST, PONG_RESPONSE));
    this.ctx.acceptWebSocket(server);
    const session = core.accept(server, Date.now());
    core.wakeForExpiry(session);
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  override webSocketMessage(raw: WebSocket, message: string | ArrayBuffer): void {
    const core = this.#awake();
    const session = core.sessions.of(raw);
    if (session === undefined || session.isClosed) return;
    core.outbox.noteEvent();
    session.heard(Date.now());
    if (isOver(SESSION_LIMITS.messageSize, message)) session.disconnect(DISCONNECTS.messageTooLarge);
    else
      handleFrame(core, session, typeof message === "string" ? message : new TextDecoder().decode(message));
  }

  override webSocketClose(raw: WebSocket, code: number, reason: string): void {
    completeClose(raw, code, reason);
    this.#gone(raw);
  }

  override webSocketError(raw: WebSocket): void {
    this.#gone(raw);
  }

  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    const core = this.#parts;
    core.wake();
    core.alarms.fired();
    const now = Date.now();
    // The platform gives up an alarm after six failures, and a hub without an alarm holds dead sockets for ever.
    try {
      core.heartbeat.beat(now, info?.scheduledTime);
      core.sessions.sweep();
      core.home.resume();
      core.rearm(now);
      if (core.isIdle) await this.#free(core);
    } catch (failure) {
      logFailure("hub.alarm_failed", failure, { hub: core.name });
      core.wakeAt(now + HUB_LIMITS.settleDelay);
    }
  }

  async follow(call: FollowCall): Promise<readonly (FollowAnswer | undefined)[]> {
    return this.#called(call).registry.answer(call);
  }

  async publish(call: PublishCall): Promise<readonly PublishAnswer[]> {
    const core = this.#called(call);
    return Promise.all(call.submissions.map((submission) => core.submitHere(submission)));
  }

  async history(call: HistoryCall): Promise<HistoryAnswer> {
    return this.#called(call).historyHere(call);
  }

  async presence(call: PresenceCall): Promise<Members> {
    return this.#called(call).presence.answer(call);
  }

  async members(call: MembersCall): Promise<Members> {
    return this.#called(call).membersHere(call.channel);
  }

  async deliver(call: DeliverCall): Promise<readonly DeliveryAnswer[]> {
    return this.#called(call).follower.deliver(call);
  }

  get #parts(): HubCore {
    this.#core ??= new HubCore(this.ctx, this.#resolved(), this.callTimeout, (hub) => this.stubOf(hub));
    return this.#core;
  }

  /** The hub, awake, and sure of an alarm: without one, dead sockets would stay for ever. */
  #awake(): HubCore {
    const core = this.#parts;
    if (core.sessions.isAwake) return core;
    core.wake();
    const next = core.heartbeat.nextBeat(Date.now());
    if (next !== undefined) core.wakeAt(next);
    return core;
  }

  #called({ version }: { version: number }): HubCore {
    if (version !== CALL_VERSION) throw new Error(`calls of version ${version} are not known here`);
    const core = this.#awake();
    core.outbox.noteEvent();
    return core;
  }

  #resolved(): ResolvedConfig {
    return resolveConfig(this.config, this.env as unknown as Record<string, unknown>);
  }

  #gone(raw: WebSocket): void {
    const core = this.#awake();
    const session = core.sessions.of(raw) ?? core.sessions.recall(raw);
    if (session) core.forget(session);
  }

  /** Gives the storage back: an object that keeps nothing costs nothing. */
  async #free(core: HubCore): Promise<void> {
    core.store.reset();
    core.alarms.reset();
    await this.ctx.storage.deleteAll();
  }
}
