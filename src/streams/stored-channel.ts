import { type HomeChannel, newFollower } from "./home-channel.ts";
import type { StreamStore } from "./stream-store.ts";

/** As the first unsettled offset: followers may be anywhere in a stream that was there before this one. */
const ANYWHERE = 0;

/**
 * Reads what is stored of a channel. A stream in which nothing was ever published has no row, but followers that know
 * its epoch. `beginsAnew`: there is no stream, so whoever is subscribed was subscribed to another one.
 */
export function readChannel(store: StreamStore, channel: HomeChannel): { readonly beginsAnew: boolean } {
  const { name, hasHistory } = channel;
  const stored = store.stream(name);
  const followers = store.followers(name);
  if (stored) {
    channel.isStored = true;
    channel.used = stored.used;
    channel.published = stored.published ?? stored.used;
    if (hasHistory) {
      channel.epoch = stored.epoch;
      channel.top = stored.top;
      channel.unsettled = stored.unsettled;
    }
  } else {
    channel.used = Math.min(...followers.map(({ used }) => used));
    if (hasHistory) channel.epoch = followers.find(({ epoch }) => epoch !== "")?.epoch ?? "";
  }
  const beginsAnew = hasHistory && channel.epoch === "";
  // A settled channel's followers have everything. An unsettled one's have at least what came before, at most all.
  const { top, unsettled = beginsAnew ? ANYWHERE : top + 1 } = channel;
  for (const { hub, generation } of followers)
    channel.setFollower(hub, newFollower(generation, unsettled - 1, top));
  return { beginsAnew };
}

/** The first offset that some follower may not have, when `next` is what comes: of a stream that begins anew, none is known. */
export function firstUnsettled(
  { hasHistory, epoch }: HomeChannel,
  next: number | undefined,
): number | undefined {
  return hasHistory && epoch === "" ? ANYWHERE : next;
}
