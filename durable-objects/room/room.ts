import { DurableObject } from "cloudflare:workers";
import type { ShedLevel } from "../../src/budget/levels.ts";
import { budgetRefusal } from "../../src/budget/refusal.ts";
import { REFUSAL_HEADER } from "../../src/channels/placement.ts";
import { directoryOf } from "../../src/deployment/directory.ts";
import { GATEWAY, type Gateway } from "../../src/deployment/gateway.ts";
import type { Cause } from "../../src/metrics/ledger.ts";
import type { RoomAnswer, RoomCommand } from "../../src/room-rpc/commands.ts";
import type { Attachment } from "../../src/rooms/attachment.ts";
import type { Message, RoomHandler } from "../../src/rooms/handler.ts";
import { parseObjectName } from "../../src/rooms/name.ts";
import { resolveOptions } from "../../src/rooms/options.ts";
import type { RoomJob } from "../../src/shared/alarm-jobs.ts";
import { type CloseDefinition, ERRORS, ROOM_CLOSES } from "../../src/shared/codes.ts";
import { httpError } from "../../src/shared/http-error.ts";
import { OBJECT_LIMITS, ROOM_LIMITS } from "../../src/shared/limits.ts";
import { logFailure } from "../../src/shared/log.ts";
import { exceeds, lengthOf, payloadBytes } from "../../src/shared/payload-size.ts";
import { withTraceparent } from "../../src/shared/trace-context.ts";
import { CONNECTION_FAILED } from "../../src/websocket/close-answer.ts";
import { closeQuietly, completeClose } from "../../src/websocket/close-quietly.ts";
import { asksForWebSocket } from "../../src/websocket/handshake.ts";
import { isPreflight, wouldAccept } from "../../src/websocket/preflight.ts";
import { Context } from "./context.ts";
import { RoomEvents } from "./events.ts";
import { setHeartbeat } from "./heartbeat.ts";
import { KindAlarm } from "./kind-alarm.ts";
import { RoomMetrics } from "./metrics.ts";
import { type Newcomer, prepareNewcomer } from "./newcomer.ts";
import { carryOut } from "./outside.ts";
import { answerRequest } from "./request.ts";
import { RoomScheduler } from "./scheduler.ts";
import type { HibernatingSocket } from "./socket.ts";
import { RoomSockets } from "./sockets.ts";
import { storesNothing } from "./storage.ts";

/** nginx's status for a request whose client has gone: nobody reads the answer. */
const CLIENT_GONE = 499;

/** What a room is made of, once its kind is known. */
interface Opened {
  readonly handler: RoomHandler;
  readonly sockets: RoomSockets;
  readonly alarm: KindAlarm | undefined;
  readonly scheduler: RoomScheduler;
  readonly context: Context;
  readonly events: RoomEvents;
  readonly metrics: RoomMetrics;
}

/** One room: holds its sockets, and calls the handler of its kind. It sleeps whenever nothing happens. */
export abstract class Room extends DurableObject<object> {
  #opened: Opened | undefined;
  #isTicking = false;

  protected abstract get [GATEWAY](): Gateway;

  /** Sockets that the runtime allows one object, including closing ones. */
  protected get runtimeSockets(): number {
    return OBJECT_LIMITS.sockets;
  }

  override async fetch(request: Request): Promise<Response> {
    const isHandshake = asksForWebSocket(request.headers);
    const room = this.#open(isHandshake ? "connect" : "request");
    if (room === undefined) return httpError("unknown_kind");
    if (isHandshake) return this.#connect(room, request);
    const { maxRequestBody } = room.sockets.options;
    return answerRequest({ ...room, bodyLimit: maxRequestBody }, withTraceparent(request));
  }

  /** Carries out what the rest of the application asks of the room. */
  async ask(command: RoomCommand): Promise<RoomAnswer> {
    const room = this.#open("call");
    if (room === undefined) return { errorCode: ERRORS.unknownChannel.code };
    room.metrics.counters.callsTaken += 1;
    return carryOut(room, command);
  }

  override webSocketMessage(raw: WebSocket, message: Message): Promise<void> | undefined {
    const now = Date.now();
    const room = this.#open("message", now);
    const socket = room?.sockets.of(raw);
    if (room === undefined || socket === undefined || !socket.isOpen) return undefined;
    room.metrics.counters.noteReceived(lengthOf(message));
    const refusal = refuseMessage(room, socket, message, now);
    if (refusal) socket.end(refusal);
    return refusal ? undefined : this.#handleMessage(room, socket, message);
  }

  override async webSocketClose(raw: WebSocket, code: number, reason: string): Promise<void> {
    const room = this.#open("close");
    const socket = room?.sockets.of(raw);
    completeClose(raw, code, reason);
    if (room === undefined || socket === undefined) return;
    await this.#leave(room, raw, socket, code, reason);
  }

  /** The runtime forgets a socket that failed, and reports no close for it. */
  override async webSocketError(raw: WebSocket, failure: unknown): Promise<void> {
    const room = this.#open("close");
    const socket = room?.sockets.of(raw);
    if (room === undefined || socket === undefined) return;
    const reported = socket.frames.run(() =>
      room.events.ofSocket(socket, "error", () => room.handler.error?.(socket, failure, room.context)),
    );
    await Promise.all([reported, this.#leave(room, raw, socket, CONNECTION_FAILED, "")]);
  }

  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    const room = this.#open();
    if (room === undefined) return this.#settleUnknown();
    const now = Date.now();
    const isTick = room.scheduler.isTick(info?.scheduledTime, now);
    const isAlarm = room.alarm?.take(Math.max(now, info?.scheduledTime ?? now)) ?? false;
    room.metrics.noteAlarm(jobOf(isTick, isAlarm), now);
    await room.scheduler.settle();
    // Not awaited: the next alarm comes when this one has ended, and an author's promise may never end.
    if (isTick) this.ctx.waitUntil(this.#tick(room));
    if (isAlarm) this.ctx.waitUntil(this.#alarm(room));
  }

  async #connect(room: Opened, request: Request): Promise<Response> {
    const now = Date.now();
    const { shedding } = room.metrics;
    if (shedding.refuses("connections", now)) return refuseOverBudget(shedding.levelAt(now));
    if (this.#isFull(room)) return refuseFull();
    const traced = withTraceparent(request);
    const answer = await room.events.ofRoom(() => room.handler.upgrade?.(traced, room.context));
    if (answer instanceof Response) return answer;
    // The runtime would accept the socket all the same, and never report a close for it (workerd 1.20261117.1).
    if (request.signal.aborted) return new Response(null, { status: CLIENT_GONE });
    // Others may have joined while `upgrade` was waiting.
    if (this.#isFull(room)) return refuseFull();
    const newcomer = prepareNewcomer(room, traced, answer);
    if (newcomer instanceof Response) return newcomer;
    return isPreflight(request) ? wouldAccept(newcomer.protocol) : this.#join(room, newcomer);
  }

  /** Closing sockets do not count for `maxSockets`, but they do for the limit of the runtime. */
  #isFull({ sockets }: Opened): boolean {
    return sockets.count >= sockets.options.maxSockets || sockets.held >= this.runtimeSockets;
  }

  /** The room, awake. Without a cause, the caller notes it. */
  #open(cause?: Cause, now = Date.now()): Opened | undefined {
    this.#opened ??= this.#build();
    if (cause !== undefined) this.#opened?.metrics.note(cause, now);
    return this.#opened;
  }

  #build(): Opened | undefined {
    const { kind, room } = parseObjectName(this.ctx.id.name ?? "");
    const { kinds, config, readEnv } = this[GATEWAY];
    const handler = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    if (handler === undefined) {
      // The kind was removed by a deploy while its sockets slept.
      for (const raw of this.ctx.getWebSockets()) closeQuietly(raw, ROOM_CLOSES.restart);
      return undefined;
    }
    const options = resolveOptions(handler);
    setHeartbeat(this.ctx, options.heartbeat);
    const metrics = new RoomMetrics(this.ctx, kind, directoryOf(readEnv(this.env), config.operations));
    const sockets = new RoomSockets(
      { ctx: this.ctx, kind, options, operations: config.operations, counters: metrics.counters },
      () => {
        if (sockets.count === 0) this.ctx.waitUntil(scheduler.settle());
      },
    );
    const alarm =
      handler.alarm && new KindAlarm(this.ctx.storage.kv, { kind, options, counters: metrics.counters });
    const scheduler = new RoomScheduler(this.ctx.storage, sockets, alarm);
    const { ctx } = this;
    const env = this.env as Cloudflare.Env;
    const context = new Context({ ctx, env, kind, name: room, sockets, scheduler, alarm });
    const events = new RoomEvents(handler, context, sockets);
    // The alarm may have come while the kind was away.
    if (alarm) this.ctx.waitUntil(scheduler.arm());
    return { handler, sockets, alarm, scheduler, context, events, metrics };
  }

  /** What an author has stored stays: the kind may come back. */
  async #settleUnknown(): Promise<void> {
    if (storesNothing(this.ctx.storage)) await this.ctx.storage.deleteAll();
  }

  async #join(room: Opened, { client, server, protocol, headers, tags }: Newcomer): Promise<Response> {
    this.ctx.acceptWebSocket(server, [...tags]);
    room.metrics.counters.connections += 1;
    // Read back, so that from the first event on a handler gets its data as sleep would leave it.
    const socket = room.sockets.add(server, server.deserializeAttachment() as Attachment);
    await room.scheduler.arm();
    this.ctx.waitUntil(
      socket.frames.run(() =>
        room.events.ofSocket(socket, "open", () => room.handler.open?.(socket, room.context)),
      ) ?? Promise.resolve(),
    );
    if (protocol !== "") headers.set("Sec-WebSocket-Protocol", protocol);
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  #handleMessage(room: Opened, socket: HibernatingSocket, message: Message): Promise<void> | undefined {
    // What is handled at once waits for nobody, so its bytes need not be counted.
    const bytes = socket.frames.count === 0 ? 0 : payloadBytes(message);
    return socket.frames.run(
      () =>
        // What a client sent before it closed is handled, also when a slow handler comes to it after the close.
        !socket.wasClosedHere
          ? room.events.ofSocket(socket, "message", () => room.handler.message(socket, message, room.context))
          : undefined,
      bytes,
    );
  }

  async #tick(room: Opened): Promise<void> {
    const { kind } = room.context;
    if (this.#isTicking) {
      logFailure("room.tick_skipped", "the tick before it has not ended", { kind });
      return;
    }
    this.#isTicking = true;
    room.metrics.counters.ticks += 1;
    try {
      await room.events.ofRoom(() => room.handler.tick?.(room.context));
    } catch (failure) {
      logFailure("room.tick_failed", failure, { kind });
    }
    this.#isTicking = false;
  }

  async #alarm(room: Opened): Promise<void> {
    let hasFailed = false;
    try {
      await room.events.ofRoom(() => room.handler.alarm?.(room.context));
    } catch (failure) {
      hasFailed = true;
      logFailure("room.alarm_failed", failure, { kind: room.context.kind });
    }
    room.alarm?.ended(hasFailed, Date.now());
    await room.scheduler.settle();
  }

  async #leave(
    room: Opened,
    raw: WebSocket,
    socket: HibernatingSocket,
    code: number,
    reason: string,
  ): Promise<void> {
    room.sockets.remove(raw, code);
    const told = socket.frames.run(() =>
      room.events.ofSocket(socket, "close", () => room.handler.close?.(socket, code, reason, room.context)),
    );
    await told;
  }
}

function refuseMessage(
  room: Opened,
  socket: HibernatingSocket,
  message: Message,
  now: number,
): CloseDefinition | undefined {
  // Counting the bytes of a text would take longer than all the rest: they are between one and three times its characters.
  const overRate = socket.receive(lengthOf(message), now);
  if (exceeds(room.sockets.options.maxPayloadLength, message)) return ROOM_CLOSES.tooLarge;
  if (overRate) return overRate;
  const { pendingMessages, pendingBytes } = ROOM_LIMITS;
  const { count, bytes } = socket.frames;
  if (count < pendingMessages && bytes < pendingBytes) return undefined;
  return room.events.startup.isRunning ? ROOM_CLOSES.handlerFailed : ROOM_CLOSES.overloaded;
}

/** What an alarm has come for: if for nothing else, to look who is idle. */
function jobOf(isTick: boolean, isAlarm: boolean): RoomJob {
  if (isTick) return "tick";
  return isAlarm ? "alarm" : "idle";
}

/** The Worker makes an answer of it that a client understands. */
function refuseOverBudget(level: ShedLevel): Response {
  return new Response(null, { status: 503, headers: { [REFUSAL_HEADER]: budgetRefusal(level) } });
}

function refuseFull(): Response {
  return httpError("room_full", { "Retry-After": String(ROOM_LIMITS.retryAfter) });
}
