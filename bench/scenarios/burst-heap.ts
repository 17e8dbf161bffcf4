import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sample, Scenario } from "../scenario.ts";

/** The files of test/memory, each of which is a burst. */
const BURSTS = ["presence", "recovery", "publishing", "follower", "slow", "subscriptions"] as const;
const MB = 1_000_000;

/** How much of the 128 MB of an object the bursts of test/memory use at most, garbage among it: it is collected when it must be. */
export const burstHeap: Scenario = {
  title: "Heap of 128 MB at the peak of a burst",
  metrics: BURSTS.map((burst) => ({ name: `${burst}, MB`, digits: 0 })),
  goals: BURSTS.map((burst) => ({ metric: `${burst}, MB`, atMost: 128 })),
  maxRounds: 1,
  run: async () => new Map([["poorwill", await sample()]]),
};

async function sample(): Promise<Sample> {
  const directory = await mkdtemp(join(tmpdir(), "poorwill-peaks-"));
  try {
    const file = join(directory, "peaks");
    const env = { ...process.env, POORWILL_HEAP_PEAKS: file };
    const suite = spawn("npx", ["vitest", "run", "--project", "memory"], { env, stdio: "ignore" });
    const [code] = (await once(suite, "exit")) as [number];
    if (code !== 0) throw new Error("a burst has ended a hub");
    return peaksOf(await readFile(file, "utf8"));
  } finally {
    await rm(directory, { recursive: true });
  }
}

function peaksOf(lines: string): Sample {
  const peaks = lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { burst: string; bytes: number });
  return BURSTS.map(
    (burst) => Math.max(...peaks.filter((peak) => peak.burst === burst).map(({ bytes }) => bytes)) / MB,
  );
}
