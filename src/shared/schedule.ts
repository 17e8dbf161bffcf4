/** When a room has something to do without being asked. All times are in milliseconds since the epoch. */

/** The first tick after `now`, on the grid that starts at `origin`. */
export function nextTick(origin: number, interval: number, now: number): number {
  const passed = Math.max(0, Math.floor((now - origin) / interval));
  return origin + (passed + 1) * interval;
}

/**
 * The last tick up to `now`, even if an alarm that came late has passed it; undefined when there was none after
 * `since`.
 */
export function tickBetween(
  origin: number,
  interval: number,
  since: number,
  now: number,
): number | undefined {
  const last = origin + Math.floor((now - origin) / interval) * interval;
  return last > since && last > origin ? last : undefined;
}

/**
 * When to look for idle sockets next. Sockets share an alarm, because each alarm costs: so a socket may stay longer
 * than its deadline, by up to the tolerance.
 */
export function nextIdleCheck(earliestDeadline: number, idleTimeout: number, now: number): number {
  return Math.max(earliestDeadline, now + seenTolerance(idleTimeout));
}

/** By how much a stored last-seen time may lag behind, so that not every message is a write. */
export function seenTolerance(idleTimeout: number): number {
  return idleTimeout / 4;
}

/**
 * When a socket has been idle for too long. A last-seen time that comes from the attachment after sleep (`exact`
 * false) may lag behind by the tolerance, and a socket is never closed early.
 */
export function idleDeadline(seen: number, exact: boolean, idleTimeout: number): number {
  return seen + idleTimeout + (exact ? 0 : seenTolerance(idleTimeout));
}
