import { nextIdleCheck, nextTick, tickBetween } from "../../src/shared/schedule.ts";
import type { HibernatingSocket } from "./socket.ts";
import type { RoomSockets } from "./sockets.ts";

/**
 * The one alarm of a room, shared by its ticks and its idle timeouts. Nothing but the alarm itself is stored: what it
 * was set for follows from the attachments of the sockets.
 */
export class RoomAlarm {
  readonly #storage: DurableObjectStorage;
  readonly #room: RoomSockets;

  constructor(storage: DurableObjectStorage, room: RoomSockets) {
    this.#storage = storage;
    this.#room = room;
  }

  /** When the room became occupied, or nothing while it is empty. */
  get tickOrigin(): number | undefined {
    for (const socket of this.#room.sockets) return socket.tickOrigin;
    return undefined;
  }

  /**
   * Sets the alarm, if anything will be due and none is set: one that is set comes before anything that a new socket
   * needs.
   */
  async arm(): Promise<void> {
    if (!this.#isUsed) return;
    if ((await this.#storage.getAlarm()) !== null) return;
    const next = this.#nextDue(Date.now());
    if (next !== undefined) await this.#storage.setAlarm(next);
  }

  /** Sets the alarm anew after it has fired. */
  async rearm(): Promise<void> {
    await this.release();
    await this.arm();
  }

  /** Deletes what the alarm stored once nobody is there: an object that stores nothing costs nothing. */
  async release(): Promise<void> {
    if (this.#isUsed && this.#room.count === 0) await this.#storage.deleteAll();
  }

  /** Whether a tick is due when the alarm fires. Without the time that it was set for, one is. */
  isTick(scheduledTime: number | undefined, now: number): boolean {
    const { tickInterval } = this.#room.options;
    const origin = this.tickOrigin;
    if (tickInterval === 0 || origin === undefined) return false;
    if (scheduledTime === undefined) return true;
    return tickBetween(origin, tickInterval, scheduledTime - 1, Math.max(now, scheduledTime)) !== undefined;
  }

  idleSockets(now: number): HibernatingSocket[] {
    return [...this.#room.sockets].filter((socket) => socket.idleDeadline <= now);
  }

  get #isUsed(): boolean {
    const { tickInterval, idleTimeout } = this.#room.options;
    return tickInterval > 0 || idleTimeout > 0;
  }

  #nextDue(now: number): number | undefined {
    const { tickInterval, idleTimeout } = this.#room.options;
    const origin = this.tickOrigin;
    if (origin === undefined) return undefined;
    const tick = tickInterval > 0 ? nextTick(origin, tickInterval, now) : Number.POSITIVE_INFINITY;
    if (idleTimeout === 0) return tick;
    let earliest = Number.POSITIVE_INFINITY;
    for (const socket of this.#room.sockets) earliest = Math.min(earliest, socket.idleDeadline);
    return Math.min(tick, nextIdleCheck(earliest, idleTimeout, now));
  }
}
