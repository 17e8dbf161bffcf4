import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { HUB_LIMITS, OBJECT_LIMITS, REPORT_LIMITS } from "../../src/shared/limits.ts";
import { FAULTS, planted } from "../simulation/faults.ts";
import { type Outcome, simulate } from "../simulation/run.ts";
import { TIMES } from "../simulation/settings.ts";

const SEEDS = 1_000;
const STEPS = 300;
/** Seeds of one test: each ends soon enough to be given up if it hangs. */
const PART = 100;

const partsOf = Array.from({ length: SEEDS / PART }, (_, index) => 1 + index * PART);

/** What was broken, as it can be run again. */
function violationsOf(outcomes: readonly Outcome[]): string[] {
  return outcomes
    .filter(({ violation }) => violation !== undefined)
    .map(({ seed, step, violation }) => `npm run simulate -- --seed ${seed} --steps ${step}: ${violation}`);
}

async function simulateAll(first: number, count: number, times = TIMES): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let seed = first; seed < first + count; seed += 1) outcomes.push(await simulate(seed, STEPS, times));
  return outcomes;
}

describe("whatever happens in whatever order, on a clock of its own", () => {
  test.each(partsOf)(
    "CHAOS-03: nothing that is promised is broken in the seeds from %i on",
    async (first) => {
      const outcomes = await simulateAll(first, PART);
      expect(violationsOf(outcomes)).toEqual([]);
      for (const what of ["delivered", "recovered", "told", "refused", "sleeps", "crashes", "freed"] as const)
        expect(Math.max(...outcomes.map(({ counts }) => counts[what])), what).toBeGreaterThan(0);
    },
  );
});

test("CHAOS-03: a seed does the same whenever it is run", async () => {
  const [once, again] = [await simulate(7, STEPS), await simulate(7, STEPS)];
  expect(again).toEqual(once);
});

test("CHAOS-04: whatever a hub keeps in memory only is done with before it may sleep", () => {
  expect(HUB_LIMITS.callTimeout).toBeLessThan(OBJECT_LIMITS.sleepAfter);
  expect(HUB_LIMITS.settleDelay).toBeLessThan(OBJECT_LIMITS.sleepAfter);
  expect(REPORT_LIMITS.delay).toBeLessThan(OBJECT_LIMITS.sleepAfter);
});

test.each([
  { what: "hubs that sleep before a call is given up", times: { sleepAfter: TIMES.callTimeout / 5 } },
  {
    what: "homes that sleep before their channels are settled",
    times: { settleDelay: 2 * TIMES.sleepAfter },
  },
])("CHAOS-04: $what break it", async ({ times }) => {
  const outcomes = await simulateAll(1, 40, { ...TIMES, ...times });
  expect(violationsOf(outcomes)).not.toEqual([]);
});

test.each(FAULTS)("CHAOS-05: a place is there for the fault that $name", (fault) => {
  const text = readFileSync(join(import.meta.dirname, "../..", fault.file), "utf8");
  expect(planted(fault, text)).not.toBe(text);
});
