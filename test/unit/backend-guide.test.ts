import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { EVENT_KINDS } from "../../src/channels/backend-event.ts";
import { type Config, resolveConfig } from "../../src/config/config.ts";
import { proxySchema } from "../../src/config/proxy.ts";
import { delayAfter } from "../../src/events/retry.ts";
import { SIGNATURE_HEADER } from "../../src/proxy/signature.ts";
import { EVENT_LIMITS, PROXY_LIMITS } from "../../src/shared/limits.ts";

const run = promisify(execFile);
const SNIPPET = /^```ts (\S+)\n([\s\S]*?)^```$/gm;
/** The compiler is started, on a machine that does other things too. */

interface Snippet {
  readonly file: string;
  readonly code: string;
}

const guide = await readFile("docs/backend.md", "utf8");
const snippets = snippetsOf(guide);

test("the snippets of the guide to backends compile where it says that they belong", async () => {
  expect(snippets).toHaveLength(3);
  await compile(await folderOf(snippets), snippets, { rootDirs: [".", resolve("src")] });
});

test("the configurations of the guide to backends are right", async () => {
  const configurations = snippets.filter(({ code }) => code.includes("export const config"));
  expect(configurations).toHaveLength(2);
  const folder = await folderOf(configurations);
  for (const { file } of configurations) {
    const module: { config: Config } = await import(pathToFileURL(join(folder, file)).href);
    expect(resolveConfig(module.config, { BACKEND_RPC_URL: "https://backend.example/rpc" })).toBeDefined();
  }
});

test("the guide to backends names every setting, every kind of event, and the limits as they are", () => {
  for (const key of Object.keys(proxySchema.entries)) expect(guide).toContain(`\`${key}\``);
  for (const kind of EVENT_KINDS) expect(guide).toContain(`| \`${kind}\` |`);
  expect(guide).toContain(SIGNATURE_HEADER);
  expect(guide).toContain(`up to ${EVENT_LIMITS.batch} at a time`);
  expect(guide).toContain(`for ${EVENT_LIMITS.age / 3_600_000} h`);
  expect(guide).toContain(`up to ${EVENT_LIMITS.longestRetry / 60_000} minutes`);
  expect(guide).toContain(`more than ${EVENT_LIMITS.waiting.toLocaleString("en")}`);
  expect(guide).toContain(`at most ${PROXY_LIMITS.headersLength.toLocaleString("en")} characters`);
  expect(guide).toContain(`again after ${PROXY_LIMITS.refreshRetry / 1000} s`);
});

test("EVENT-07: the retries that the guide configures for a queue last until events are too old, and hardly longer", () => {
  const retries = Number(/^max_retries = (\d+)$/m.exec(guide)?.[1]);
  let waited = 0;
  for (let attempts = 1; attempts <= retries; attempts += 1) waited += delayAfter(attempts);
  expect(waited / EVENT_LIMITS.age).toBeGreaterThanOrEqual(1);
  expect(waited / EVENT_LIMITS.age).toBeLessThan(1.05);
});

function snippetsOf(text: string): Snippet[] {
  return [...text.matchAll(SNIPPET)].map(([, file = "", code = ""]) => ({ file, code }));
}

/** A folder with these files, which goes with the test. */
async function folderOf(files: readonly Snippet[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "poorwill-guide-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const { file, code } of files) await writeFile(join(folder, file), code);
  return folder;
}

async function compile(folder: string, files: readonly Snippet[], options: object = {}): Promise<void> {
  const types = [resolve("node_modules/@cloudflare/workers-types/index.d.ts")];
  const config = {
    extends: resolve("tsconfig.base.json"),
    compilerOptions: { types, ...options },
    files: files.map(({ file }) => file),
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  await run("node_modules/.bin/tsc", ["-p", folder]).catch(({ stdout, message }) => {
    throw new Error(stdout || message);
  });
}
