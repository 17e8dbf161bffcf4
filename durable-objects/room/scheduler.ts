import { nextAlarm, type Waiting } from "../../src/rooms/next-alarm.ts";
import { ROOM_CLOSES } from "../../src/shared/codes.ts";
import { tickBetween } from "../../src/shared/schedule.ts";
import type { KindAlarm } from "./kind-alarm.ts";
import type { HibernatingSocket } from "./socket.ts";
import type { RoomSockets } from "./sockets.ts";
import { storesNothing } from "./storage.ts";

/**
 * The one alarm of an object, which its ticks, its idle timeouts and the alarm of its kind share. What it was set for is
 * not stored: it follows from the attachments of the sockets, and from the kind's alarm.
 */
export class RoomScheduler {
  readonly #storage: DurableObjectStorage;
  readonly #room: RoomSockets;
  readonly #alarm: KindAlarm | undefined;

  constructor(storage: DurableObjectStorage, room: RoomSockets, alarm: KindAlarm | undefined) {
    this.#storage = storage;
    this.#room = room;
    this.#alarm = alarm;
  }

  /** When the room became occupied, or nothing while it is empty. */
  get tickOrigin(): number | undefined {
    for (const socket of this.#room.sockets) return socket.tickOrigin;
    return undefined;
  }

  /** Sees to it that the object wakes for a new socket, or for the kind's alarm: then, or earlier. */
  async arm(): Promise<void> {
    if (!this.#isUsed) return;
    const set = await this.#storage.getAlarm();
    // Whatever the alarm was set for comes before anything that a new socket needs, except for the kind's own alarm.
    if (set !== null && this.#alarm === undefined) return;
    const next = nextAlarm(this.#waiting, Date.now());
    if (next !== undefined && (set === null || next < set)) await this.#set(next);
  }

  /**
   * Closes who has been idle for too long, and sets the alarm for what is due next. Where nothing will be, what the alarm
   * has stored is deleted: an object that stores nothing costs nothing.
   */
  async settle(): Promise<void> {
    if (!this.#isUsed) return;
    // With each new setting of the alarm: setting it often would otherwise put off the check of the idle ones for ever.
    for (const socket of this.#idleSockets(Date.now())) socket.end(ROOM_CLOSES.idle);
    const set = await this.#storage.getAlarm();
    const next = nextAlarm(this.#waiting, Date.now());
    if (next === set) return;
    if (next !== undefined) return this.#set(next);
    await (storesNothing(this.#storage) ? this.#storage.deleteAll() : this.#storage.deleteAlarm());
  }

  /** Whether a tick is due when the alarm fires. Without the time that it was set for, one is. */
  isTick(scheduledTime: number | undefined, now: number): boolean {
    const { tickInterval } = this.#room.options;
    const origin = this.tickOrigin;
    if (tickInterval === 0 || origin === undefined) return false;
    if (scheduledTime === undefined) return true;
    return tickBetween(origin, tickInterval, scheduledTime - 1, Math.max(now, scheduledTime)) !== undefined;
  }

  /** The platform counts each setting as a written row. */
  #set(time: number): Promise<void> {
    this.#room.counters.rowsWritten += 1;
    return this.#storage.setAlarm(time);
  }

  #idleSockets(now: number): HibernatingSocket[] {
    return [...this.#room.sockets].filter((socket) => socket.idleDeadline <= now);
  }

  get #isUsed(): boolean {
    const { tickInterval, idleTimeout } = this.#room.options;
    return tickInterval > 0 || idleTimeout > 0 || this.#alarm !== undefined;
  }

  get #waiting(): Waiting {
    const { tickInterval, idleTimeout } = this.#room.options;
    let idleDeadline = Number.POSITIVE_INFINITY;
    if (idleTimeout > 0)
      for (const socket of this.#room.sockets) idleDeadline = Math.min(idleDeadline, socket.idleDeadline);
    return { tickOrigin: this.tickOrigin, tickInterval, idleTimeout, idleDeadline, alarm: this.#alarm?.time };
  }
}
