import { DurableObject } from "cloudflare:workers";
import { keepHeaders } from "../../src/channels/kept-headers.ts";
import { homeRegion, REFUSAL_HEADER } from "../../src/channels/placement.ts";
import { type Config, type ResolvedConfig, resolveConfig } from "../../src/config/config.ts";
import { config } from "../../src/config.ts";
import type { Env } from "../../src/deployment/env.ts";
import { hubNamed } from "../../src/deployment/hub-named.ts";
import { handleFrame } from "../../src/fronts/centrifugo/dispatch.ts";
import type { HubRpc } from "../../src/hub-rpc/hub-rpc.ts";
import type { HomeAnswer, ManageCall } from "../../src/hub-rpc/management.ts";
import type {
  AdmitUserCall,
  DeliverCall,
  DeliveryAnswer,
  FollowAnswer,
  FollowCall,
  HistoryAnswer,
  HistoryCall,
  MembersAnswer,
  MembersCall,
  OccupancyCall,
  PresenceAnswer,
  PresenceCall,
  PublishAnswer,
  PublishCall,
  UnfollowCall,
  UserCount,
  UserCountsCall,
  Versioned,
} from "../../src/hub-rpc/messages.ts";
import { UnknownWireVersion } from "../../src/hub-rpc/peers.ts";
import { isKnown, type WireVersions, wireVersions } from "../../src/hub-rpc/wire-versions.ts";
import { DIRECTORY_NAME, type DirectoryStub } from "../../src/metrics/report.ts";
import { asksForProtobuf, chooseSubprotocol } from "../../src/protocol/subprotocol.ts";
import type { MemoryLimits } from "../../src/sessions/memory.ts";
import { mayRead } from "../../src/sessions/rate.ts";
import { DISCONNECTS } from "../../src/shared/codes.ts";
import { httpError } from "../../src/shared/http-error.ts";
import { HUB_LIMITS, OBJECT_LIMITS } from "../../src/shared/limits.ts";
import { logFailure } from "../../src/shared/log.ts";
import { exceeds, lengthOf } from "../../src/shared/payload-size.ts";
import { historyOf } from "../../src/streams/home-reads.ts";
import { CONNECTION_FAILED } from "../../src/websocket/close-answer.ts";
import { completeClose } from "../../src/websocket/close-quietly.ts";
import { isPreflight, wouldAccept } from "../../src/websocket/preflight.ts";
import { HubCore } from "./core.ts";
import type { HubReading } from "./reporter.ts";
import { Sockets } from "./sockets.ts";

/** Holds protocol sessions, and is the home of the channels that are named like it. */
export class Hub extends DurableObject<Env> implements HubRpc {
  readonly #sockets = new Sockets(this.ctx);
  #core: HubCore | undefined;

  protected get config(): Config {
    return config;
  }

  /** Sockets that this hub takes before it sends newcomers on. */
  protected get capacity(): number {
    return HUB_LIMITS.sockets;
  }

  /** Bytes past which this hub takes no newcomers, and no subscriptions. */
  protected get memoryLimits(): MemoryLimits {
    return { newcomers: HUB_LIMITS.newcomerMemory, subscriptions: HUB_LIMITS.subscriptionMemory };
  }

  /** Sockets that the runtime holds for one object, closing ones among them. */
  protected get runtimeSockets(): number {
    return OBJECT_LIMITS.sockets;
  }

  /** Milliseconds by which a flush may be late before this hub sends newcomers on. */
  protected get flushLag(): number {
    return HUB_LIMITS.flushLag;
  }

  /** Milliseconds after which a call to another hub is given up. */
  protected get callTimeout(): number {
    return HUB_LIMITS.callTimeout;
  }

  /** The forms of attachments, rows and calls that this build knows. */
  protected get wireVersions(): WireVersions {
    return wireVersions;
  }

  /** Reaches another hub. */
  protected stubOf(hub: string): HubRpc {
    const region = homeRegion(hub, this.#parts.config.namespaces);
    return hubNamed(this.env, hub, region) as unknown as HubRpc;
  }

  override async fetch(request: Request): Promise<Response> {
    const core = this.#awake();
    if (this.#takesNobody(core)) {
      return new Response(null, { status: 503, headers: { [REFUSAL_HEADER]: "full" } });
    }
    const subprotocol = chooseSubprotocol(request);
    const headers: Record<string, string> =
      subprotocol === "" ? {} : { "Sec-WebSocket-Protocol": subprotocol };
    const names = core.config.proxy?.httpHeaders ?? [];
    const kept = names.length === 0 ? undefined : keepHeaders(request.headers, names);
    if (names.length > 0 && kept === undefined) return httpError("headers_too_large");
    if (isPreflight(request)) return wouldAccept(subprotocol);
    const { 0: client, 1: server } = new WebSocketPair();
    if (asksForProtobuf(request)) {
      // Accepted by the object itself, it would keep the object awake until the client answers the close.
      this.ctx.acceptWebSocket(server);
      server.close(DISCONNECTS.inappropriateProtocol.code, DISCONNECTS.inappropriateProtocol.reason);
      core.faults.note(DISCONNECTS.inappropriateProtocol);
      this.#sockets.of(server);
      return new Response(null, { status: 101, webSocket: client, headers });
    }
    // The runtime answers a client's pong by itself, with a push that every SDK ignores: the object sleeps on.
    this.ctx.acceptWebSocket(server);
    const session = core.accept(this.#sockets.of(server), Date.now(), kept);
    const { pong } = session.codec;
    if (pong)
      this.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(pong.request, pong.response));
    core.wakeForExpiry(session);
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  override webSocketMessage(raw: WebSocket, message: string | ArrayBuffer): void {
    const core = this.#awake();
    const session = core.sessions.of(this.#sockets.of(raw));
    if (session === undefined || session.isClosed) return;
    const now = Date.now();
    session.noteSeen(now);
    core.counters.noteFrame(lengthOf(message));
    if (exceeds(core.config.connection.messageSizeLimit, message))
      session.disconnect(DISCONNECTS.messageTooLarge);
    else if (mayRead(core, session, message, now)) handleFrame(core, session, message);
  }

  override webSocketClose(raw: WebSocket, code: number, reason: string): void {
    completeClose(raw, code, reason);
    this.#gone(raw, code);
  }

  override webSocketError(raw: WebSocket): void {
    this.#gone(raw, CONNECTION_FAILED);
  }

  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    const core = this.#parts;
    core.wake();
    core.alarms.fired();
    const now = Date.now();
    core.counters.noteActivity(now);
    core.counters.alarms += 1;
    // The platform gives up an alarm after six failures, and a hub without an alarm holds dead sockets for ever.
    try {
      core.heartbeat.beat(now, info?.scheduledTime);
      core.sessions.sweep();
      core.home.resume();
      core.vacancies.resume(now);
      core.events?.resume(now, info?.scheduledTime);
      core.rearm(now);
      await core.reporter.report(now);
      await core.usage.freeIfIdle();
    } catch (failure) {
      logFailure("hub.alarm_failed", failure, { hub: core.name });
      core.wakeAt(Math.min(now + HUB_LIMITS.settleDelay, core.heartbeat.nextPing(now)));
    }
  }

  async follow(call: FollowCall): Promise<readonly (FollowAnswer | undefined)[]> {
    return this.#answer(call, (core, known) => core.registry.answer(known));
  }

  async unfollow(call: UnfollowCall): Promise<void> {
    return this.#answer(call, (core, known) => core.registry.end(known));
  }

  async publish(call: PublishCall): Promise<readonly PublishAnswer[]> {
    return this.#answer(call, (core, { hub, submissions }) =>
      Promise.all(submissions.map((submission) => core.publishing.submitFor(submission, hub))),
    );
  }

  async history(call: HistoryCall): Promise<HistoryAnswer> {
    return this.#answer(call, (core, known) => historyOf(core.home, known, core.config.connection));
  }

  async presence(call: PresenceCall): Promise<PresenceAnswer> {
    return this.#answer(call, (core, known) => core.presence.answer(known));
  }

  async members(call: MembersCall): Promise<MembersAnswer> {
    return this.#answer(call, (core, known) => core.presence.tell(known));
  }

  async deliver(call: DeliverCall): Promise<readonly DeliveryAnswer[]> {
    return this.#answer(call, (core, known) => core.follower.deliver(known));
  }

  async manage(call: ManageCall): Promise<readonly (readonly HomeAnswer[])[]> {
    return this.#answer(call, (core, known) => core.management.carryOut(known));
  }

  async occupancy(call: OccupancyCall): Promise<void> {
    return this.#answer(call, (core, { hub, reports }) => core.events?.take(hub, reports));
  }

  async admitUser(call: AdmitUserCall): Promise<boolean> {
    return this.#answer(call, (core, known) => core.userLimit.admit(known));
  }

  async userCounts(call: UserCountsCall): Promise<readonly UserCount[]> {
    return this.#answer(call, (core, known) => core.userLimit.count(known));
  }

  /** What this hub has counted, and how things stand. Asking wakes it. */
  async metrics(): Promise<HubReading> {
    return this.#awake().reporter.reading(Date.now());
  }

  get #parts(): HubCore {
    this.#core ??= this.#build();
    return this.#core;
  }

  #build(): HubCore {
    const resolved = this.#resolved();
    const directory = resolved.operations.directory
      ? (this.env.DIRECTORY.getByName(DIRECTORY_NAME) as unknown as DirectoryStub)
      : undefined;
    return new HubCore(this.ctx, resolved, {
      wireVersions: this.wireVersions,
      callTimeout: this.callTimeout,
      memoryLimits: this.memoryLimits,
      connections: this.#sockets,
      stubOf: (hub) => this.stubOf(hub),
      targets: { directory, analytics: this.env.ANALYTICS },
    });
  }

  /** The hub, awake, and sure of an alarm: without one, dead sockets would stay for ever. */
  #awake(): HubCore {
    const core = this.#parts;
    const now = Date.now();
    if (!core.sessions.isAwake) {
      core.wake();
      const next = core.heartbeat.nextBeat(now);
      if (next !== undefined) core.wakeAt(next);
    }
    core.outbox.hurry(now);
    core.counters.noteActivity(now);
    core.reporter.noteActivity(now);
    return core;
  }

  /** Answers another hub in the form in which it asks. */
  async #answer<Call extends Versioned, Answer>(
    call: Call,
    work: (core: HubCore, call: Call) => Answer | Promise<Answer>,
  ): Promise<Answer> {
    const { version = 0 } = call;
    if (!isKnown(this.wireVersions, version)) throw new UnknownWireVersion(version);
    const core = this.#awake();
    core.counters.callsTaken += 1;
    core.usage.begin();
    const answer = await work(core, this.wireVersions.read("call", call, version));
    return this.wireVersions.write("answer", answer, version);
  }

  #resolved(): ResolvedConfig {
    return resolveConfig(this.config, this.env as unknown as Record<string, unknown>);
  }

  /** Newcomers cost a hub before anybody knows who they are: they may not take the places of those who are known. */
  #takesNobody({ sessions, memory, outbox }: HubCore): boolean {
    return (
      sessions.size >= this.capacity ||
      this.#sockets.held >= this.runtimeSockets ||
      sessions.unconnected >= HUB_LIMITS.unconnectedSockets ||
      !memory.takesNewcomers ||
      outbox.lag > this.flushLag
    );
  }

  #gone(raw: WebSocket, code: number): void {
    const core = this.#awake();
    const socket = this.#sockets.letGo(raw);
    const session = core.sessions.of(socket) ?? core.sessions.recall(socket);
    if (session) core.gone(session, code);
  }
}
