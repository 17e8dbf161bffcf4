/** One run of the tests builds each worker once, though its files run in several processes. */

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

const VARIABLE = "POORWILL_TEST_BUNDLES";

/** Where processes of one run keep what they have built for each other; undefined outside such a run. */
export function sharedDirectory(): string | undefined {
  return process.env[VARIABLE];
}

/** Begins a run. Returns what ends it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "poorwill-bundles-"));
  process.env[VARIABLE] = directory;
  const clear = () => rm(directory, { recursive: true, force: true });
  // In watch mode the code of the workers is another one now.
  project.onTestsRerun(async () => {
    await clear();
    await mkdir(directory);
  });
  return clear;
}
