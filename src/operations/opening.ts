import type { HubCore } from "../../durable-objects/hub/core.ts";
import { readElsewhere } from "../sessions/reading.ts";
import type { Session } from "../sessions/session.ts";
import type { Opening } from "../streams/follower.ts";
import { openAtHome } from "../streams/home-reads.ts";
import { lengthOf } from "../streams/publication-run.ts";
import type { GrantedSubscription } from "./subscribing.ts";

/**
 * Opens the channel of a subscription: at once when it is homed here, else when its home has answered.
 *
 * @param length Characters that a recovery may bring; as many as a reply may have unless it is given.
 */
export function open(
  core: HubCore,
  granted: GrantedSubscription,
  length?: number,
): Opening | Promise<Opening> {
  const { recovery } = granted;
  const { channel } = granted.subscription;
  return core.isHomeOf(channel)
    ? openHere(core, granted, length)
    : core.follower.open(channel, recovery && { ...recovery, length });
}

/** Opens a channel that is homed here. Commit in the same step: nothing that is published meanwhile is held. */
export function openHere(
  core: HubCore,
  { subscription: { channel }, recovery }: GrantedSubscription,
  length?: number,
): Opening {
  return openAtHome(core.home, channel, recovery && { ...recovery, length }, core.config.connection);
}

/** Opens a channel of another home for a command that recovers, and subscribes its session by `tell`. */
export function recoverElsewhere(
  core: HubCore,
  session: Session,
  id: number,
  granted: GrantedSubscription,
  tell: (opening: Opening) => Promise<void>,
): Promise<void> {
  return readElsewhere<Opening>(session, id, {
    ask: async (length) => open(core, granted, length),
    isLong: ({ isLong }) => isLong === true,
    discard: (opening) => opening.abandon(),
    tell,
  });
}

/** Open channels, by subscription. */
export type Openings = ReadonlyMap<GrantedSubscription, Opening>;

/** How many of those that are longer than their share are opened again, round after round. */
const ROUNDS = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 1];

/**
 * Opens what is homed elsewhere for one reply, whose length its recoveries share: all at once, each within an equal part.
 * What is left over is shared by those that need more, and what is left then is for the first of the rest. Undefined when
 * one of them could not be opened.
 */
export async function openElsewhere(
  core: HubCore,
  granted: readonly GrantedSubscription[],
): Promise<Openings | undefined> {
  const openings = new Map<GrantedSubscription, Opening>();
  const { replyMaxLength } = core.config.connection;
  const isHere = ({ subscription }: GrantedSubscription) => core.isHomeOf(subscription.channel);
  const reserved = partOf(replyMaxLength, granted) * countRecovering(granted.filter(isHere));
  const length = replyMaxLength - reserved;
  let due = granted.filter((one) => !isHere(one));
  let tried = -1;
  for (const most of ROUNDS) {
    due = due.slice(0, most);
    const part = partOf(length - lengthOfHistories(openings), due);
    if (part <= tried) continue;
    tried = part;
    if (!(await openEach(core, due, part, openings))) {
      abandonAll(openings);
      return undefined;
    }
    due = due.filter((one) => openings.get(one)?.isLong);
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

function partOf(length: number, granted: readonly GrantedSubscription[]): number {
  return Math.floor(length / Math.max(1, countRecovering(granted)));
}

function countRecovering(granted: readonly GrantedSubscription[]): number {
  return granted.filter(({ recovery }) => recovery !== undefined).length;
}

/** Opens channels at once, in place of how they were opened before. Returns false when one of them could not be. */
async function openEach(
  core: HubCore,
  granted: readonly GrantedSubscription[],
  length: number,
  openings: Map<GrantedSubscription, Opening>,
): Promise<boolean> {
  const opened = await Promise.allSettled(
    granted.map(async (one) => {
      openings.get(one)?.abandon();
      openings.delete(one);
      openings.set(one, await open(core, one, length));
    }),
  );
  return opened.every(({ status }) => status === "fulfilled");
}
