import type { HubCore } from "../../durable-objects/hub/core.ts";
import { readElsewhere } from "../sessions/reading.ts";
import type { Session } from "../sessions/session.ts";
import type { Entrance } from "../streams/follower.ts";
import { openAtHome } from "../streams/home-reads.ts";
import { lengthOf } from "../streams/publication-run.ts";
import type { Admission } from "./entering.ts";

/**
 * Opens a channel for an admission: at once when it is homed here, else when its home has answered.
 *
 * @param length Characters that a recovery may bring; as many as a reply may have unless it is given.
 */
export function open(core: HubCore, admission: Admission, length?: number): Entrance | Promise<Entrance> {
  const { recovery } = admission;
  const { channel } = admission.subscription;
  return core.isHomeOf(channel)
    ? openHere(core, admission, length)
    : core.follower.open(channel, recovery && { ...recovery, length });
}

/** Opens a channel that is homed here. The session must be let in before anything else happens. */
export function openHere(
  core: HubCore,
  { subscription: { channel }, recovery }: Admission,
  length?: number,
): Entrance {
  return openAtHome(core.home, channel, recovery && { ...recovery, length }, core.config.connection);
}

/** Opens a channel of another home for a command that recovers, and lets its session in by `tell`. */
export function recoverElsewhere(
  core: HubCore,
  session: Session,
  id: number,
  admission: Admission,
  tell: (entrance: Entrance) => Promise<void>,
): Promise<void> {
  return readElsewhere<Entrance>(session, id, {
    ask: async (length) => open(core, admission, length),
    isLong: ({ isLong }) => isLong === true,
    discard: (entrance) => entrance.abandon(),
    tell,
  });
}

/** Ways into channels, by admission. */
export type Entrances = ReadonlyMap<Admission, Entrance>;

/** How many of those that are longer than their share are opened again, round after round. */
const ROUNDS = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 1];

/**
 * Opens what is homed elsewhere for one reply, whose length its recoveries share: all at once, each within an equal part.
 * What is left over is shared by those that need more, and what is left then is for the first of the rest. Undefined when
 * one of them could not be opened.
 */
export async function openElsewhere(
  core: HubCore,
  admissions: readonly Admission[],
): Promise<Entrances | undefined> {
  const entrances = new Map<Admission, Entrance>();
  const { replyMaxLength } = core.config.connection;
  const isHere = ({ subscription }: Admission) => core.isHomeOf(subscription.channel);
  const reserved = partOf(replyMaxLength, admissions) * countRecovering(admissions.filter(isHere));
  const length = replyMaxLength - reserved;
  let due = admissions.filter((admission) => !isHere(admission));
  let tried = -1;
  for (const most of ROUNDS) {
    due = due.slice(0, most);
    const part = partOf(length - lengthOfHistories(entrances), due);
    if (part <= tried) continue;
    tried = part;
    if (!(await openEach(core, due, part, entrances))) {
      abandonAll(entrances);
      return undefined;
    }
    due = due.filter((admission) => entrances.get(admission)?.isLong);
    if (due.length === 0) break;
  }
  return entrances;
}

export function abandonAll(entrances: Entrances): void {
  for (const entrance of entrances.values()) entrance.abandon();
}

/** Characters that recoveries have brought. */
export function lengthOfHistories(entrances: Entrances): number {
  let length = 0;
  for (const entrance of entrances.values()) length += lengthOfHistory(entrance);
  return length;
}

/** Characters that a recovery has brought. */
export function lengthOfHistory({ history }: Entrance): number {
  return lengthOf(history?.publications ?? []);
}

function partOf(length: number, admissions: readonly Admission[]): number {
  return Math.floor(length / Math.max(1, countRecovering(admissions)));
}

function countRecovering(admissions: readonly Admission[]): number {
  return admissions.filter(({ recovery }) => recovery !== undefined).length;
}

/** Opens channels at once, in place of how they were opened before. Returns false when one of them could not be. */
async function openEach(
  core: HubCore,
  admissions: readonly Admission[],
  length: number,
  entrances: Map<Admission, Entrance>,
): Promise<boolean> {
  const opened = await Promise.allSettled(
    admissions.map(async (admission) => {
      entrances.get(admission)?.abandon();
      entrances.delete(admission);
      entrances.set(admission, await open(core, admission, length));
    }),
  );
  return opened.every(({ status }) => status === "fulfilled");
}
