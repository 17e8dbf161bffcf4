import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { exitOnSignals } from "./exit-on-signals.ts";
import { describeMachine } from "./machine.ts";
import { report } from "./report.ts";
import { Results } from "./results.ts";
import type { Timing } from "./scenario.ts";
import { SCENARIOS } from "./scenarios/index.ts";
import { startTargets, stopTargets, TARGETS } from "./targets.ts";

/** `npm run bench`, or `npm run bench -- --quick` for a first impression, or `--only Echo` for some scenarios. */
const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, only: { type: "string", default: "" } },
});

const ROUNDS = options.quick ? 3 : 15;
const TIMING: Timing = options.quick ? { warmUp: 200, measured: 500 } : { warmUp: 250, measured: 800 };
/** Servers that run at once: each one listens for the end of this process, and Node takes more than 10 for a leak. */
const MAX_SERVERS = 20;
const RESULTS_FILE = new URL("RESULTS.md", import.meta.url);

process.setMaxListeners(MAX_SERVERS);

exitOnSignals();

async function measure(): Promise<Results[]> {
  const scenarios = SCENARIOS.filter(({ title }) => title.includes(options.only));
  const results = scenarios.map((scenario) => new Results(scenario));
  const targets = await startTargets(TARGETS);
  for (let number = 0; number < ROUNDS; number += 1) {
    console.error(`Round ${number + 1} of ${ROUNDS}`);
    for (const result of results) {
      if (number >= (result.scenario.maxRounds ?? ROUNDS)) continue;
      result.add(await result.scenario.run({ number, timing: TIMING, targets }));
    }
  }
  await stopTargets(targets);
  return results;
}

const text = report(await describeMachine(), await measure());
console.log(text);
if (!options.quick && options.only === "") await writeFile(RESULTS_FILE, text);
