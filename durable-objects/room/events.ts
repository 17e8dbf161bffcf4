import type { RoomCounters } from "../../src/metrics/room-counters.ts";
import type { RoomContext, RoomHandler } from "../../src/rooms/handler.ts";
import { ROOM_CLOSES } from "../../src/shared/codes.ts";
import { logFailure } from "../../src/shared/log.ts";
import { isPromiseLike } from "../../src/shared/promise-like.ts";
import type { RoomChanges } from "./changes.ts";
import type { HibernatingSocket } from "./socket.ts";
import type { RoomSockets } from "./sockets.ts";
import { Startup } from "./startup.ts";

/** Calls the functions of a kind: once the room has started, and keeping what they change of their sockets. */
export class RoomEvents {
  readonly startup: Startup;
  readonly #kind: string;
  readonly #changes: RoomChanges;
  readonly #counters: Pick<RoomCounters, "handlerErrors">;

  constructor(handler: RoomHandler, room: RoomContext, { changes, counters }: RoomSockets) {
    this.#kind = room.kind;
    this.#changes = changes;
    this.#counters = counters;
    const start = handler.start && (() => this.#keeping(() => handler.start?.(room)));
    this.startup = new Startup(room.kind, start);
  }

  /** Calls a function for one socket. Its failure is confined to that socket. */
  ofSocket(socket: HibernatingSocket, event: string, handle: () => unknown): Promise<void> | undefined {
    const starting = this.startup.ready();
    if (starting === undefined) return this.#call(socket, event, handle);
    return starting.then(
      () => this.#call(socket, event, handle),
      () => socket.end(ROOM_CLOSES.handlerFailed),
    );
  }

  /** Calls a function that is for the whole room. */
  async ofRoom<Result>(handle: () => Result | PromiseLike<Result>): Promise<Result> {
    const starting = this.startup.ready();
    if (starting) await starting;
    return this.#keeping(handle);
  }

  #call(socket: HibernatingSocket, event: string, handle: () => unknown): Promise<void> | undefined {
    const fail = (failure: unknown) => this.#fail(socket, event, failure);
    this.#changes.begin();
    try {
      const result = handle();
      if (isPromiseLike(result)) {
        return Promise.resolve(result)
          .then(undefined, fail)
          .then(() => {
            if (socket.dataWasRead) this.#changes.touch(socket);
            this.#save();
          });
      }
    } catch (failure) {
      fail(failure);
    }
    this.#save();
    return undefined;
  }

  /** Saves what a function has changed once it has ended, however it has. */
  #keeping<Result>(handle: () => Result | PromiseLike<Result>): Result | Promise<Result> {
    this.#changes.begin();
    let result: Result | PromiseLike<Result>;
    try {
      result = handle();
    } catch (failure) {
      this.#counters.handlerErrors += 1;
      this.#save();
      throw failure;
    }
    if (isPromiseLike(result)) return this.#keepingUntil(result);
    this.#save();
    return result;
  }

  async #keepingUntil<Result>(result: PromiseLike<Result>): Promise<Result> {
    try {
      return await result;
    } catch (failure) {
      this.#counters.handlerErrors += 1;
      throw failure;
    } finally {
      this.#save();
    }
  }

  #save(): void {
    this.#changes.end((socket, failure) => this.#fail(socket, "data", failure));
  }

  #fail(socket: HibernatingSocket, event: string, failure: unknown): void {
    this.#counters.handlerErrors += 1;
    logFailure("room.handler_failed", failure, { kind: this.#kind, ...socket.logFields, in: event });
    socket.trail.note("failure", 0, 0, event);
    socket.end(ROOM_CLOSES.handlerFailed);
  }
}
