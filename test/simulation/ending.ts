import type { Client } from "./client.ts";
import type { Invariants } from "./invariants.ts";
import { Violation } from "./journal.ts";
import type { World } from "./world.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
/** By then calls that were late have come. */
const HEALED = 60 * SECOND;
/** By then the alarms have tried again whatever had failed. */
const REPAIRED = HOUR / 2;
/** By then what was published has been delivered when nothing goes wrong. */
const DELIVERED = 2 * SECOND;
/** By then hubs have told the homes of channels that they have left. */
const LEFT = 10 * SECOND;
/** By then everything has expired, and hubs that vanished have been asked for. */
const EXPIRED = 24;

/** Nothing goes wrong any more: whoever is subscribed gets everything, and when all have left nothing is kept. */
export async function endWell(world: World, invariants: Invariants): Promise<void> {
  world.heal();
  await world.clock.advance(HEALED);
  // The alarms alone bring everybody up to date; a publication brings whatever the alarms would.
  if (world.random.below(4) === 0) await world.clock.advance(REPAIRED);
  else for (const channel of world.channels) world.publish(world.homeOf(channel), channel, 0, false);
  await world.clock.advance(DELIVERED);
  world.check();
  invariants.check();
  invariants.checkAllStored();
  for (const client of world.clients) if (client.state === "in") checkLevel(world, client);
  if (world.settings.isCalm && !world.settings.isTight)
    for (const client of world.clients) checkUnnumbered(world, client);
  await leaveAll(world);
}

function checkLevel(world: World, { name, channel, hub, position, hasHistory }: Client): void {
  const stream = world.homeOf(channel).stored.stream(channel);
  if (!hasHistory || stream === undefined) return;
  if (position?.offset !== stream.top || position.epoch !== stream.epoch)
    throw new Violation(
      `${name} of ${channel} stays at ${position?.offset} at ${hub?.name}, the top is ${stream.top}`,
    );
}

/** Where nothing goes wrong, whoever is there gets what has no offset too. */
function checkUnnumbered(world: World, { name, channel, stays, wantsJoinLeave }: Client): void {
  for (const [id, { kind, isNumbered, order, acceptedAt, ...entry }] of world.journal.entries.entries()) {
    if (entry.channel !== channel || isNumbered || order === undefined) continue;
    if (kind !== "publication" && !wantsJoinLeave) continue;
    for (const { since, until, seen } of stays) {
      const wasThere = since < acceptedAt && acceptedAt + DELIVERED < until;
      if (wasThere && !seen.has(id)) throw new Violation(`${name} of ${channel} has not got ${id}`);
    }
  }
}

async function leaveAll(world: World): Promise<void> {
  for (const client of world.clients) client.leave();
  await world.clock.advance(LEFT);
  if (world.settings.isCalm) checkUnfollowed(world);
  await world.clock.advance(REPAIRED);
  for (let hours = 0; hours < EXPIRED && world.hubs.some(({ alarm }) => alarm.time < Infinity); hours += 1)
    await world.clock.advance(HOUR);
  world.check();
  for (const { name, alarm, stored } of world.hubs) {
    stored.reset();
    if (!stored.isEmpty()) throw new Violation(`${name} keeps something for nobody`);
    if (alarm.time < Infinity) throw new Violation(`${name} wakes for nobody`);
  }
}

/** Where nothing goes wrong, a home knows soon who has left. */
function checkUnfollowed(world: World): void {
  for (const channel of world.channels) {
    const { stored } = world.homeOf(channel);
    stored.reset();
    const [follower] = stored.followers(channel);
    if (follower) throw new Violation(`${follower.hub} has left ${channel}, and is still registered`);
  }
}
