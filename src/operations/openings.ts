import type { Opening } from "../streams/follower.ts";
import { lengthOf } from "../streams/publication-run.ts";
import type { GrantedSubscription } from "./granted-subscription.ts";
import { type HubOfOpening, openElsewhere } from "./opening.ts";

/** Open channels, by subscription. */
export type Openings = ReadonlyMap<GrantedSubscription, Opening>;

/** How many of those that are longer than their share are opened again, round after round. */
const ROUNDS = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 1];

/**
 * Opens the channels of one reply that are homed elsewhere. Their recoveries share its length: all are opened at once, each
 * with an equal part. What some leave over is shared by those that need more; of what is left then, the first of the rest
 * gets all. Undefined where one of them could not be opened.
 */
export async function openAllElsewhere(
  hub: HubOfOpening,
  subscriptions: readonly GrantedSubscription[],
): Promise<Openings | undefined> {
  const openings = new Map<GrantedSubscription, Opening>();
  const { replyMaxLength } = hub.config.connection;
  const isHere = ({ subscription }: GrantedSubscription) => hub.isHomeOf(subscription.channel);
  const reserved = partOf(replyMaxLength, subscriptions) * countRecovering(subscriptions.filter(isHere));
  const length = replyMaxLength - reserved;
  let due = subscriptions.filter((subscription) => !isHere(subscription));
  let tried = -1;
  for (const most of ROUNDS) {
    due = due.slice(0, most);
    const part = partOf(length - lengthOfHistories(openings), due);
    if (part <= tried) continue;
    tried = part;
    if (!(await openEach(hub, due, part, openings))) {
      abandonAll(openings);
      return undefined;
    }
    due = due.filter((subscription) => openings.get(subscription)?.isLong);
    if (due.length === 0) break;
  }
  return openings;
}

export function abandonAll(openings: Openings): void {
  for (const opening of openings.values()) opening.abandon();
}

/** Characters that recoveries have brought. */
export function lengthOfHistories(openings: Openings): number {
  let length = 0;
  for (const opening of openings.values()) length += lengthOfHistory(opening);
  return length;
}

/** Characters that a recovery has brought. */
export function lengthOfHistory({ history }: Opening): number {
  return lengthOf(history?.publications ?? []);
}

function partOf(length: number, subscriptions: readonly GrantedSubscription[]): number {
  return Math.floor(length / Math.max(1, countRecovering(subscriptions)));
}

function countRecovering(subscriptions: readonly GrantedSubscription[]): number {
  return subscriptions.filter(({ recovery }) => recovery !== undefined).length;
}

/** Opens channels at once, in place of how they were opened before. Returns false when one of them could not be. */
async function openEach(
  hub: HubOfOpening,
  subscriptions: readonly GrantedSubscription[],
  length: number,
  openings: Map<GrantedSubscription, Opening>,
): Promise<boolean> {
  const opened = await Promise.allSettled(
    subscriptions.map(async (subscription) => {
      openings.get(subscription)?.abandon();
      openings.delete(subscription);
      openings.set(subscription, await openElsewhere(hub, subscription, length));
    }),
  );
  return opened.every(({ status }) => status === "fulfilled");
}
