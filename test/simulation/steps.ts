import { readHistory } from "./reads.ts";
import type { World } from "./world.ts";

type Step = (world: World) => void;

const LENGTHS = [0, 0, 0, 0, 20, 400];
const PAUSES = [0, 1, 3, 30, 200];
const CUTS = [2_000, 8_000, 20_000, 60_000];
/** Longer than streams and their registrations are kept by themselves. */
const EXPIRY = 3 * 3_600_000;
const LONG_PAUSES = [2, 2, 2_000, 6_000, 12_000, 30_000];

function publish(world: World): void {
  const { random, settings } = world;
  if (settings.traffic === 0 && random.below(30) > 0) return;
  const channel = random.pick(world.channels);
  const hub = random.below(2) === 0 ? world.homeOf(channel) : random.pick(world.hubs);
  const length = settings.isTight ? random.pick(LENGTHS) : 0;
  for (let count = random.below(4 * settings.traffic + 1); count >= 0; count -= 1)
    world.publish(hub, channel, length, random.below(4) === 0);
}

function subscribe(world: World): void {
  const { random } = world;
  const client = random.pick(world.clients);
  if (client.state !== "out") return;
  if (random.below(4) === 0) client.position = undefined;
  // Often where others are: they have to be at one position.
  const others = world.clients.filter(({ channel, state }) => channel === client.channel && state === "in");
  const other = random.below(2) === 0 && others.length > 0 ? random.pick(others).hub : undefined;
  world.inBackground(client.subscribe(other ?? random.pick(world.hubs)));
}

function read(world: World): void {
  const { random } = world;
  const channel = random.pick(world.channels);
  world.inBackground(readHistory(world, random.pick(world.hubs), channel));
}

function leave(world: World): void {
  world.random.pick(world.clients).leave();
}

function sleep(world: World): void {
  for (const hub of world.hubs) if (world.random.below(2) === 0) hub.sleep();
}

function crash(world: World): void {
  if (!world.settings.isCalm) world.random.pick(world.hubs).crash();
}

/** An alarm comes for another reason, or again. */
function alarm(world: World): void {
  world.random.pick(world.hubs).alarm.fire();
}

function trouble(world: World): void {
  if (!world.settings.isCalm) world.network.trouble = 1 + world.random.below(5);
}

function cut(world: World): void {
  const { random, network, settings } = world;
  if (!settings.isCalm) network.cut(random.pick(world.hubs).name, random.pick(CUTS));
}

function failStorage(world: World): void {
  if (!world.settings.isCalm) world.random.pick(world.hubs).storage.failsNext = true;
}

const STEPS: readonly (readonly [weight: number, step: Step])[] = [
  [30, publish],
  [26, subscribe],
  [14, leave],
  [14, sleep],
  [1, crash],
  [4, alarm],
  [8, trouble],
  [3, cut],
  [1, failStorage],
  [4, read],
];

/** Lets something happen, and then some time pass: now and then so much that whatever nobody uses expires. */
export async function takeStep(world: World): Promise<void> {
  const { random, clock, settings } = world;
  random.weighted(STEPS)(world);
  const pauses = random.below(6) === 0 ? LONG_PAUSES : PAUSES;
  // Hundreds of pings would come meanwhile, and keep nothing.
  const expires = !settings.isCalm && !settings.pings && random.below(1_000) === 0;
  await clock.advance(expires ? EXPIRY : random.pick(pauses));
  world.check();
}
