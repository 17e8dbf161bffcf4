import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { captureErrors } from "../../support/log.ts";
import { World } from "./world.ts";

const STEPS = 120;

/** Seeds that once failed. */
const PINNED: readonly number[] = [12];

/** `CHAOS_SEEDS=100` runs the seeds 1 to 100, `CHAOS_SEEDS=7,8` those two. */
function seeds(): number[] {
  const wanted = String((env as { CHAOS_SEEDS?: string }).CHAOS_SEEDS || "16");
  if (wanted.includes(",")) return wanted.split(",").filter(Boolean).map(Number);
  return [...new Set([...PINNED, ...Array.from({ length: Number(wanted) }, (_, index) => index + 1)])];
}

describe("whatever happens in whatever order", () => {
  test.each(seeds())(
    "CHAOS-01: with seed %i every subscriber sees a run without gap or repeat, or is told otherwise",
    async (seed) => {
      captureErrors();
      const world = new World(seed);
      try {
        await world.run(STEPS);
      } catch (failure) {
        throw new Error(`seed ${seed}: ${failure}\n${world.log.join("\n")}`, { cause: failure });
      }
      const { acknowledged = 0, delivered = 0 } = world.summary();
      console.log(JSON.stringify({ seed, ...world.summary() }));
      expect(Math.min(acknowledged, delivered)).toBeGreaterThan(0);
    },
  );
});
