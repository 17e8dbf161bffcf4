import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { copyExample } from "../support/example.ts";

const NAMES = globSync("examples/*/").map((folder) => basename(folder));

test.each(NAMES)("EXAMPLE-07: %s compiles by its own tsconfig.json", async (name) => {
  const folder = await copyExample(name);
  onTestFinished(() => rm(folder, { recursive: true }));
  const run = promisify(execFile)(resolve("node_modules/.bin/tsc"), ["-p", folder]);
  await expect(
    run.then(
      () => "",
      ({ stdout }: { stdout: string }) => stdout,
    ),
  ).resolves.toBe("");
});
