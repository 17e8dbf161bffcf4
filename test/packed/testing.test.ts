import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Project, projectWith } from "./support/project.ts";

const EXAMPLE = "examples/testing";
const NAMED_SNIPPET = /^```ts (\S+\.ts)\n([\s\S]*?)^```$/gm;

let project: Project;

beforeAll(async () => {
  project = await projectWith({ ...(await exampleFiles()), ...(await guideFiles()) }, inject("tarball"));
});
afterAll(() => project?.delete());

/** The example, except for its package.json: the tarball is installed instead of what that names. */
async function exampleFiles(): Promise<Record<string, string>> {
  const names = (await readdir(EXAMPLE)).filter((name) => /(?<!^package)\.(?:ts|toml|json)$/.test(name));
  const texts = names.map(async (name) => [name, await readFile(join(EXAMPLE, name), "utf8")] as const);
  return Object.fromEntries(await Promise.all(texts));
}

/** The snippets of the guide, and a Worker that has its kind too. */
async function guideFiles(): Promise<Record<string, string>> {
  const guide = await readFile("docs/testing.md", "utf8");
  const worker = await readFile(join(EXAMPLE, "worker.ts"), "utf8");
  return {
    ...Object.fromEntries([...guide.matchAll(NAMED_SNIPPET)].map(([, name = "", text = ""]) => [name, text])),
    "worker.ts": `import { reminder } from "./reminder.ts";\n${worker.replace("rooms: { poll }", "rooms: { poll, reminder }")}`,
  };
}

/** Vitest's five seconds for a test are too few on a machine that is busy with other work. */
const vitest = (...files: string[]) =>
  project.run("node", "node_modules/vitest/vitest.mjs", "run", "--testTimeout=60000", ...files);

test("KIT-08: the example's tests and those of the guide pass, with the packed package", async () => {
  const names = ["poll", "first", "channels", "sleep", "alarm", "network"].map((name) => `${name}.test.ts`);
  expect(await vitest(...names)).toContain("Test Files  6 passed");
});

test("KIT-08: the room of the guide that does not sleep fails as it says", async () => {
  const output = await vitest("reminder.test.ts").catch(String);
  expect(output).toContain("/rooms/reminder/lobby stays awake: pending in this isolate are");
  expect(output).toMatch(/ {2}setTimeout, begun at Object\.open \(.*reminder\.ts:\d+:\d+\)/);
});

test("KIT-08: the configuration in the guide is the example's", async () => {
  const guide = await readFile("docs/testing.md", "utf8");
  expect(guide).toContain(await readFile(join(EXAMPLE, "vitest.config.ts"), "utf8"));
});
