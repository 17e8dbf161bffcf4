import { existsSync, globSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { startExample } from "../support/example.ts";

/** Where it is not the root. */
const GATEWAYS: Readonly<Record<string, string>> = { "hono-worker": "/realtime" };
/** The second line of `testing` runs its tests: testing.test.ts does. */
const NAMES = globSync("examples/*/")
  .map((folder) => basename(folder))
  .filter((name) => name !== "testing");

test.each(NAMES)("EXAMPLE-08: %s starts by the two lines of its README", async (name) => {
  const example = await startExample(name, { tarball: inject("tarball") });
  onTestFinished(() => example.stop());
  const health = await fetch(`${example.url}${GATEWAYS[name] ?? ""}/healthz`);
  expect(await health.json()).toEqual({ status: "ok" });
  const hasPage = existsSync(join("examples", name, "public"));
  expect((await fetch(example.url)).status).toBe(hasPage ? 200 : 404);
});
