import { Random } from "../support/random.ts";
import { onClock } from "./clock.ts";
import { endWell } from "./ending.ts";
import { Invariants } from "./invariants.ts";
import { isMeant, type Trace } from "./network.ts";
import { settingsOf, TIMES, type Times, withLimits } from "./settings.ts";
import { takeStep } from "./steps.ts";
import { type Counts, World } from "./world.ts";

/** What came of one seed. */
export interface Outcome {
  readonly seed: number;
  /** How many steps it took, with the one in which something was broken. */
  readonly step: number;
  readonly counts: Counts;
  /** What was broken; undefined when nothing was. */
  readonly violation: unknown;
}

/** Runs one seed: so many steps, and then a good end. Stops at the first thing that is broken. */
export async function simulate(
  seed: number,
  steps: number,
  times: Times = TIMES,
  trace?: Trace,
): Promise<Outcome> {
  const random = new Random(seed);
  const settings = settingsOf(random, times);
  const world = new World(random, settings, trace);
  let step = 0;
  const work = async () => {
    const invariants = new Invariants(world);
    while (step < steps) {
      step += 1;
      await takeStep(world);
      invariants.check();
    }
    await endWell(world, invariants);
  };
  const run = () => onClock(world.clock, () => withLog(world, work));
  const violation = await withLimits(settings, run).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  return { seed, step, counts: world.counts, violation };
}

/** What the classes log is what was meant to go wrong, or else something is broken. */
async function withLog(world: World, work: () => Promise<void>): Promise<void> {
  const { error } = console;
  console.error = (line: unknown) => {
    if (!isMeant(line)) world.broken(`logged: ${line}`);
  };
  try {
    await work();
  } finally {
    console.error = error;
  }
}
