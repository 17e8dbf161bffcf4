import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FAULTS, type Fault, planted } from "./faults.ts";

const ROOT = join(import.meta.dirname, "../..");
/** What the simulation needs of the repository. */
const NEEDED = ["package.json", "src", "durable-objects", "test/simulation", "test/support"];
/** What hangs for so long is found too, in milliseconds. */
const PATIENCE = 600_000;

/**
 * Plants each fault, or those with a part of a name, into a copy of the repository, and simulates so many seeds at most.
 * Returns how many faults should have been found, and were not.
 */
export async function plantFaults(name: string | undefined, seeds: number): Promise<number> {
  const faults = FAULTS.filter((fault) => name === undefined || fault.name.includes(name));
  let missed = 0;
  for (const fault of faults) {
    const found = await inCopy(fault, (copy) => firstSeed(copy, seeds));
    if (found === undefined && fault.unfound === undefined) missed += 1;
    console.log(`${fault.name}: ${found ?? `NOT FOUND. ${fault.unfound ?? ""}`}`);
  }
  console.log(`${faults.length} faults, ${missed} of them missed`);
  return missed;
}

async function inCopy<Result>(fault: Fault, work: (copy: string) => Promise<Result>): Promise<Result> {
  const copy = mkdtempSync(join(tmpdir(), "simulation-"));
  try {
    for (const path of NEEDED) cpSync(join(ROOT, path), join(copy, path), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
    const path = join(copy, fault.file);
    writeFileSync(path, planted(fault, readFileSync(path, "utf8")));
    return await work(copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** What found something first: a seed, or that the simulation came to no end; undefined where nothing did. */
function firstSeed(copy: string, seeds: number): Promise<string | undefined> {
  const script = join(copy, "test/simulation/simulate.ts");
  const child = spawn(
    process.execPath,
    [...process.execArgv, script, "--seeds", `${seeds}`, "--stop-early"],
    {
      stdio: ["ignore", "pipe", "ignore"],
      timeout: PATIENCE,
    },
  );
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return new Promise((resolve) => {
    child.on("close", (code) => {
      const seed = /--seed (\d+) --steps \d+: (?:Error: )?(.*)/.exec(output);
      if (seed) resolve(`seed ${seed[1]} (${seed[2]?.slice(0, 100)})`);
      else resolve(code === 0 ? undefined : "a run that did not end well");
    });
  });
}
