import { DurableObject } from "cloudflare:workers";
import type { Env } from "../../src/deployment/env.ts";
import { gatewayConfig } from "../../src/deployment/gateway-config.ts";
import type { Attachment } from "../../src/rooms/attachment.ts";
import type { Message, RoomHandler } from "../../src/rooms/handler.ts";
import { roomKinds } from "../../src/rooms/index.ts";
import { parseObjectName } from "../../src/rooms/name.ts";
import { resolveOptions } from "../../src/rooms/options.ts";
import { availableKinds, type RoomKinds } from "../../src/rooms/shipped.ts";
import { type CloseDefinition, ROOM_CLOSES } from "../../src/shared/codes.ts";
import { httpError } from "../../src/shared/http-error.ts";
import { OBJECT_LIMITS, ROOM_LIMITS } from "../../src/shared/limits.ts";
import { logFailure } from "../../src/shared/log.ts";
import { exceeds, lengthOf, payloadBytes } from "../../src/shared/payload-size.ts";
import { CONNECTION_FAILED } from "../../src/websocket/close-answer.ts";
import { closeQuietly, completeClose } from "../../src/websocket/close-quietly.ts";
import { isPreflight, wouldAccept } from "../../src/websocket/preflight.ts";
import { RoomAlarm } from "./alarm.ts";
import { type Newcomer, prepareNewcomer } from "./newcomer.ts";
import type { HibernatingSocket } from "./socket.ts";
import { RoomSockets } from "./sockets.ts";

/** nginx's status for a request whose client has gone: nobody reads the answer. */
const CLIENT_GONE = 499;

/** What a room is made of, once its kind is known. */
interface Opened {
  readonly handler: RoomHandler;
  readonly sockets: RoomSockets;
  readonly alarm: RoomAlarm;
}

/** One room: holds its sockets, and calls the handler of its kind. It sleeps whenever nothing happens. */
export class Room extends DurableObject<Env> {
  #opened: Opened | undefined;
  #isTicking = false;

  /** The kinds that rooms can be of. */
  protected get kinds(): RoomKinds {
    return availableKinds(roomKinds, gatewayConfig(this.env).rooms, this.env);
  }

  /** Sockets that the runtime allows one object, including closing ones. */
  protected get runtimeSockets(): number {
    return OBJECT_LIMITS.sockets;
  }

  override async fetch(request: Request): Promise<Response> {
    const room = this.#open();
    if (room === undefined) return httpError("unknown_kind");
    if (this.#isFull(room)) return refuseFull();
    const answer = await this.#upgrade(room, request);
    if (answer instanceof Response) return answer;
    // The runtime would accept the socket all the same, and never report a close for it (workerd 1.20261117.1).
    if (request.signal.aborted) return new Response(null, { status: CLIENT_GONE });
    // Others may have joined while `upgrade` was waiting.
    if (this.#isFull(room)) return refuseFull();
    const newcomer = prepareNewcomer(room, request, answer);
    if (newcomer instanceof Response) return newcomer;
    return isPreflight(request) ? wouldAccept(newcomer.protocol) : this.#join(room, newcomer);
  }

  override webSocketMessage(raw: WebSocket, message: Message): Promise<void> | undefined {
    const room = this.#open();
    const socket = room?.sockets.of(raw);
    if (room === undefined || socket === undefined || !socket.isOpen) return undefined;
    const refusal = refuseMessage(room, socket, message);
    if (refusal) socket.end(refusal);
    return refusal ? undefined : this.#handleMessage(room, socket, message);
  }

  override async webSocketClose(raw: WebSocket, code: number, reason: string): Promise<void> {
    const room = this.#open();
    const socket = room?.sockets.of(raw);
    completeClose(raw, code, reason);
    if (room === undefined || socket === undefined) return;
    await this.#leave(room, raw, socket, code, reason);
  }

  /** The runtime forgets a socket that failed, and reports no close for it. */
  override async webSocketError(raw: WebSocket, failure: unknown): Promise<void> {
    const room = this.#open();
    const socket = room?.sockets.of(raw);
    if (room === undefined || socket === undefined) return;
    const reported = socket.frames.run(() =>
      this.#call(room, socket, "error", () => room.handler.error?.(socket, failure, room.sockets)),
    );
    await Promise.all([reported, this.#leave(room, raw, socket, CONNECTION_FAILED, "")]);
  }

  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    const room = this.#open();
    if (room === undefined) return this.ctx.storage.deleteAll();
    const isTick = room.alarm.isTick(info?.scheduledTime, Date.now());
    for (const socket of room.alarm.idleSockets(Date.now())) socket.end(ROOM_CLOSES.idle);
    await room.alarm.rearm();
    // Not awaited: the next alarm comes when this one has ended, and an author's promise may never end.
    if (isTick) this.ctx.waitUntil(this.#tick(room));
  }

  /** Closing sockets do not count for `maxSockets`, but they do for the limit of the runtime. */
  #isFull({ sockets }: Opened): boolean {
    return sockets.count >= sockets.options.maxSockets || sockets.held >= this.runtimeSockets;
  }

  #open(): Opened | undefined {
    this.#opened ??= this.#build();
    return this.#opened;
  }

  #build(): Opened | undefined {
    const { kind, room } = parseObjectName(this.ctx.id.name ?? "");
    const handler = Object.hasOwn(this.kinds, kind) ? this.kinds[kind] : undefined;
    if (handler === undefined) {
      // The kind was removed by a deploy while its sockets slept.
      for (const raw of this.ctx.getWebSockets()) closeQuietly(raw, ROOM_CLOSES.restart);
      return undefined;
    }
    const sockets = new RoomSockets(this.ctx, kind, room, resolveOptions(handler), () =>
      this.ctx.waitUntil(alarm.release()),
    );
    const alarm = new RoomAlarm(this.ctx.storage, sockets);
    return { handler, sockets, alarm };
  }

  async #join(room: Opened, { client, server, protocol, headers, tags }: Newcomer): Promise<Response> {
    this.ctx.acceptWebSocket(server, [...tags]);
    // Read back, so that from the first event on a handler gets its data as sleep would leave it.
    const socket = room.sockets.add(server, server.deserializeAttachment() as Attachment);
    await room.alarm.arm();
    this.ctx.waitUntil(
      socket.frames.run(() =>
        this.#call(room, socket, "open", () => room.handler.open?.(socket, room.sockets)),
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
          ? this.#call(room, socket, "message", () => room.handler.message(socket, message, room.sockets))
          : undefined,
      bytes,
    );
  }

  /** Calls a handler function, keeps what it changed, and confines its failure to the socket that it was called for. */
  #call(
    room: Opened,
    socket: HibernatingSocket,
    event: string,
    handle: () => unknown,
  ): Promise<void> | undefined {
    const fail = (failure: unknown) => failSocket(room, socket, event, failure);
    const { changes } = room.sockets;
    changes.begin();
    try {
      const result = handle();
      if (isPromiseLike(result)) {
        return Promise.resolve(result)
          .then(undefined, fail)
          .then(() => {
            if (socket.dataWasRead) changes.touch(socket);
            this.#saveChanges(room);
          });
      }
    } catch (failure) {
      fail(failure);
    }
    this.#saveChanges(room);
    return undefined;
  }

  async #upgrade(room: Opened, request: Request): Promise<unknown> {
    room.sockets.changes.begin();
    try {
      return await room.handler.upgrade?.(request, room.sockets);
    } finally {
      this.#saveChanges(room);
    }
  }

  async #tick(room: Opened): Promise<void> {
    if (this.#isTicking) {
      logFailure("room.tick_skipped", "the tick before it has not ended", { kind: room.sockets.kind });
      return;
    }
    this.#isTicking = true;
    room.sockets.changes.begin();
    try {
      await room.handler.tick?.(room.sockets);
    } catch (failure) {
      logFailure("room.tick_failed", failure, { kind: room.sockets.kind });
    }
    this.#isTicking = false;
    this.#saveChanges(room);
  }

  async #leave(
    room: Opened,
    raw: WebSocket,
    socket: HibernatingSocket,
    code: number,
    reason: string,
  ): Promise<void> {
    room.sockets.remove(raw);
    const told = socket.frames.run(() =>
      this.#call(room, socket, "close", () => room.handler.close?.(socket, code, reason, room.sockets)),
    );
    await told;
  }

  #saveChanges(room: Opened): void {
    room.sockets.changes.end((socket, failure) => failSocket(room, socket, "data", failure));
  }
}

function refuseMessage(
  room: Opened,
  socket: HibernatingSocket,
  message: Message,
): CloseDefinition | undefined {
  // Counting the bytes of a text would take longer than all the rest: they are between one and three times its characters.
  const overRate = socket.receive(lengthOf(message), Date.now());
  if (exceeds(room.sockets.options.maxPayloadLength, message)) return ROOM_CLOSES.tooLarge;
  if (overRate) return overRate;
  const { pendingMessages, pendingBytes } = ROOM_LIMITS;
  const { count, bytes } = socket.frames;
  return count >= pendingMessages || bytes >= pendingBytes ? ROOM_CLOSES.overloaded : undefined;
}

function refuseFull(): Response {
  return httpError("room_full", { "Retry-After": String(ROOM_LIMITS.retryAfter) });
}

function failSocket(room: Opened, socket: HibernatingSocket, event: string, failure: unknown): void {
  logFailure("room.handler_failed", failure, { kind: room.sockets.kind, connection: socket.id, in: event });
  socket.end(ROOM_CLOSES.handlerFailed);
}

/** What a call to another object returns can be awaited, but is no Promise. */
function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function";
}
