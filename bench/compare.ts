/**
 * The same work for this gateway and its peers, on one machine and in one run: `npm run compare` writes bench/compare.json,
 * from which docs/compare.md is made. A peer that cannot be had here is left out, and named. It takes about six minutes.
 */
import { writeFile } from "node:fs/promises";
import { COMPARISONS, type Comparison } from "./compare/comparisons.ts";
import type { Compared, CompareResults, LeftOut } from "./compare/results.ts";
import { exitOnSignals } from "./exit-on-signals.ts";
import { describeMachine } from "./machine.ts";
import { CENTRIFUGO_VERSION, centrifugoProgram, startCentrifugo } from "./peers/centrifugo.ts";
import { median } from "./statistics.ts";
import { startTargets, stopTargets, TARGETS, type Target } from "./targets.ts";

const ROUNDS = 3;
const COMPARED = new Set(["poorwill", "partyserver", "ws on Node"]);
const leftOut: LeftOut[] = [
  {
    peer: "soketi",
    why: "its npm package needs uWebSockets.js, which npm can only fetch from GitHub",
  },
];

exitOnSignals();

async function targetsHere(): Promise<Target[]> {
  const targets = TARGETS.filter(({ name }) => COMPARED.has(name));
  try {
    const program = await centrifugoProgram();
    return [...targets, { name: "Centrifugo", start: () => startCentrifugo(program) }];
  } catch (failure) {
    leftOut.push({ peer: "Centrifugo", why: `Go could not build it: ${(failure as Error).message}` });
    return targets;
  }
}

/** Each target runs alone, in a process of its own. */
async function compare(
  { title, unit, isLessBetter = false, run }: Comparison,
  targets: readonly Target[],
): Promise<Compared> {
  console.error(title);
  const medians: Record<string, number> = {};
  for (const target of targets) {
    const values: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const running = await startTargets([target]);
      for (const each of running) {
        const value = await run(each, round);
        if (value !== undefined) values.push(value);
      }
      await stopTargets(running);
    }
    if (values.length > 0) medians[target.name] = Number(median(values).toPrecision(4));
  }
  console.error(medians);
  return { title, unit, isLessBetter, medians };
}

const targets = await targetsHere();
const comparisons: Compared[] = [];
for (const comparison of COMPARISONS) comparisons.push(await compare(comparison, targets));
const machine = await describeMachine();
const results: CompareResults = {
  measured: [
    ...machine,
    ...(leftOut.some(({ peer }) => peer === "Centrifugo")
      ? []
      : [`Centrifugo ${CENTRIFUGO_VERSION}, memory engine`]),
  ],
  comparisons,
  leftOut,
};
await writeFile(new URL("compare.json", import.meta.url), `${JSON.stringify(results, null, 2)}\n`);
process.exit(0);
