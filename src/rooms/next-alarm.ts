import { ROOM_LIMITS } from "../shared/limits.ts";
import { nextIdleCheck, nextTick } from "../shared/schedule.ts";

/** What a room waits for. Times are in milliseconds since the epoch; an interval of 0 means never. */
export interface Waiting {
  /** When the room became occupied; undefined while it is empty. */
  readonly tickOrigin: number | undefined;
  readonly tickInterval: number;
  readonly idleTimeout: number;
  /** When the first socket will have been idle for too long, Infinity for none. */
  readonly idleDeadline: number;
  /** When the kind's own alarm is due. */
  readonly alarm: number | undefined;
}

/** When the object's one alarm must fire, or undefined when there is nothing to wake for. */
export function nextAlarm(waiting: Waiting, now: number): number | undefined {
  const { alarm = Number.POSITIVE_INFINITY } = waiting;
  const next = Math.min(alarm, forSockets(waiting, now));
  if (next === Number.POSITIVE_INFINITY) return undefined;
  // The runtime throws for other times (workerd 1.20261117.1), and the room could be used no more.
  return Math.max(1, Math.min(next, ROOM_LIMITS.latestAlarm));
}

function forSockets({ tickOrigin, tickInterval, idleTimeout, idleDeadline }: Waiting, now: number): number {
  if (tickOrigin === undefined) return Number.POSITIVE_INFINITY;
  const tick = tickInterval > 0 ? nextTick(tickOrigin, tickInterval, now) : Number.POSITIVE_INFINITY;
  return idleTimeout > 0 ? Math.min(tick, nextIdleCheck(idleDeadline, idleTimeout, now)) : tick;
}
