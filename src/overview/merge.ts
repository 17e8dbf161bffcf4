import type { HubOverview, OverviewMessage, OverviewSnapshot } from "./messages.ts";

/**
 * What an overview is after a message: the snapshot with what has changed since. Undefined before the first snapshot.
 * A message that comes late changes nothing that is newer.
 */
export function merge(
  before: OverviewSnapshot | undefined,
  message: OverviewMessage,
): OverviewSnapshot | undefined {
  if (message.kind === "snapshot") return message;
  if (before === undefined || message.at < before.at) return before;
  const hubs = new Map(before.hubs.map((hub) => [hub.hub, hub]));
  for (const hub of message.hubs) hubs.set(hub.hub, hub);
  for (const name of message.gone) hubs.delete(name);
  const { at, totals, moreHubs, rooms } = message;
  return { kind: "snapshot", at, totals, moreHubs, rooms, hubs: [...hubs.values()].sort(bySize) };
}

/** The largest first, and of one size in the order of names. */
export function bySize(one: HubOverview, other: HubOverview): number {
  return other.sockets - one.sockets || (one.hub < other.hub ? -1 : 1);
}
