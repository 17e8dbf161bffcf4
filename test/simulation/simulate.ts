/** `npm run simulate`: runs seeds, and prints what came of them. CONTRIBUTING.md tells how it is used. */
import { parseArgs } from "node:util";
import { plantFaults } from "./plant.ts";
import { type Outcome, simulate } from "./run.ts";
import { TIMES } from "./settings.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1000" },
    steps: { type: "string", default: "300" },
    seed: { type: "string" },
    faults: { type: "boolean", default: false },
    fault: { type: "string" },
    trace: { type: "boolean", default: false },
    "stop-early": { type: "boolean", default: false },
  },
});
const steps = Number(values.steps);

/** Seeds from 1 on, or the one that is asked for. */
function seeds(): number[] {
  if (values.seed !== undefined) return [Number(values.seed)];
  return Array.from({ length: Number(values.seeds) }, (_, index) => index + 1);
}

function describe({ seed, step, violation }: Outcome): string {
  return `VIOLATION --seed ${seed} --steps ${step}: ${violation instanceof Error ? violation.stack : violation}`;
}

async function runSeeds(): Promise<number> {
  const began = performance.now();
  const sums: Record<string, number> = { seeds: 0, steps: 0 };
  let violations = 0;
  for (const seed of seeds()) {
    const outcome = await simulate(seed, steps, TIMES, values.trace ? console.log : undefined);
    for (const [what, count] of Object.entries({ seeds: 1, steps: outcome.step, ...outcome.counts }))
      sums[what] = (sums[what] ?? 0) + count;
    if (outcome.violation === undefined) continue;
    violations += 1;
    console.log(describe(outcome));
    if (values["stop-early"]) break;
  }
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  console.log(JSON.stringify({ ...sums, seconds, violations }));
  return violations;
}

const failed =
  values.faults || values.fault ? await plantFaults(values.fault, Number(values.seeds)) : await runSeeds();
process.exitCode = failed === 0 ? 0 : 1;
