import type { Hub } from "./hub.ts";
import { homeOf, type Life } from "./life.ts";
import { isMeant } from "./network.ts";
import { readPublication } from "./payloads.ts";
import { REPLY_LIMITS } from "./settings.ts";
import { type HistoryAnswer, historyOf } from "./subject.ts";
import type { World } from "./world.ts";

/** Somebody at a hub reads the history of a channel: it must be what was published, and no older than the question. */
export async function readHistory(world: World, hub: Hub, channel: string): Promise<void> {
  const life = hub.awake();
  const release = life.stayAwake();
  const known = [...world.journal.acknowledgedOf(channel).values()].at(-1);
  try {
    const answer = await ask(life, channel);
    if ("errorCode" in answer) throw new Error(`history of ${channel} was answered with ${answer.errorCode}`);
    if (known?.epoch === answer.epoch && known.offset > answer.offset)
      world.broken(`history of ${channel} is at ${answer.offset}, ${known.offset} was acknowledged before`);
    checkPublications(world, channel, answer);
  } catch (failure) {
    if (!isMeant(failure)) throw failure;
  } finally {
    release();
  }
}

function ask(life: Life, channel: string): HistoryAnswer | Promise<HistoryAnswer> {
  const call = { channel, limit: -1, since: undefined, reverse: false };
  const home = homeOf(channel);
  return home === life.name ? historyOf(life.home, call, REPLY_LIMITS) : life.homes.history(home, call);
}

function checkPublications(
  world: World,
  channel: string,
  { epoch, publications }: Exclude<HistoryAnswer, { errorCode: number }>,
): void {
  let last: number | undefined;
  for (const text of publications) {
    const { id, offset } = readPublication(text);
    if (last !== undefined && offset !== last + 1)
      world.broken(`history of ${channel}: ${offset} after ${last}`);
    world.journal.place(channel, { epoch, offset }, id);
    last = offset;
  }
}
