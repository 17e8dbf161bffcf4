import type { Payload, RoomContext } from "../../src/rooms/handler.ts";
import { logFailure } from "../../src/shared/log.ts";
import type { KindAlarm } from "./kind-alarm.ts";
import type { RoomScheduler } from "./scheduler.ts";
import type { HibernatingSocket } from "./socket.ts";
import type { RoomSockets } from "./sockets.ts";
import { AuthorStorage } from "./storage.ts";

/** What a room's context is made of. */
export interface RoomParts {
  readonly ctx: DurableObjectState;
  readonly env: Cloudflare.Env;
  readonly kind: string;
  readonly name: string;
  readonly sockets: RoomSockets;
  readonly scheduler: RoomScheduler;
  readonly alarm: KindAlarm | undefined;
}

/** The room as the functions of its kind see it. */
export class Context implements RoomContext {
  readonly kind: string;
  readonly name: string;
  readonly env: Cloudflare.Env;
  readonly storage: AuthorStorage;
  readonly #ctx: DurableObjectState;
  readonly #sockets: RoomSockets;
  readonly #scheduler: RoomScheduler;
  readonly #alarm: KindAlarm | undefined;

  constructor({ ctx, env, kind, name, sockets, scheduler, alarm }: RoomParts) {
    this.#ctx = ctx;
    this.#sockets = sockets;
    this.#scheduler = scheduler;
    this.#alarm = alarm;
    this.kind = kind;
    this.name = name;
    this.env = env;
    this.storage = new AuthorStorage(ctx.storage, () => scheduler.settle());
  }

  get sockets(): Iterable<HibernatingSocket> {
    return this.#sockets.sockets;
  }

  socket(id: string): HibernatingSocket | undefined {
    return this.#sockets.byId(id);
  }

  socketsByTag(tag: string): Iterable<HibernatingSocket> {
    return this.#sockets.socketsByTag(tag);
  }

  publish(topic: string, message: Payload): number {
    return this.#sockets.publish(topic, message);
  }

  subscriberCount(topic: string): number {
    return this.#sockets.subscriberCount(topic);
  }

  setAlarm(time: number | Date): void {
    if (this.#alarm === undefined) throw new Error("setAlarm: this kind has no function alarm");
    this.#alarm.set(time);
    this.#ctx.waitUntil(this.#scheduler.settle());
  }

  getAlarm(): number | undefined {
    return this.#alarm?.setTo;
  }

  deleteAlarm(): void {
    this.#alarm?.delete();
    this.#ctx.waitUntil(this.#scheduler.settle());
  }

  waitUntil(promise: PromiseLike<unknown>): void {
    const fail = (failure: unknown) => logFailure("room.wait_until_failed", failure, { kind: this.kind });
    this.#ctx.waitUntil(Promise.resolve(promise).catch(fail));
  }
}
