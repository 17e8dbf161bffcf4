import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { EVENT_KINDS } from "../../src/events/event.ts";
import { EVENT_LIMITS, PROXY_LIMITS } from "../../src/limits.ts";
import { proxySchema } from "../../src/proxy/config.ts";
import { SIGNATURE_HEADER } from "../../src/proxy/signature.ts";

const run = promisify(execFile);
const SNIPPET = /^```ts (\S+)\n([\s\S]*?)^```$/gm;
const guide = await readFile("docs/backend.md", "utf8");
const snippets = [...guide.matchAll(SNIPPET)].map(([, file = "", code = ""]) => ({ file, code }));

test("the snippets of the guide to backends compile where it says that they belong", {
  timeout: 30_000,
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), "poorwill-guide-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const config = {
    extends: resolve("tsconfig.base.json"),
    compilerOptions: {
      rootDirs: [directory, resolve("src")],
      types: [resolve("node_modules/@cloudflare/workers-types/index.d.ts")],
    },
    files: snippets.map(({ file }) => file),
  };
  await writeFile(join(directory, "tsconfig.json"), JSON.stringify(config));
  for (const { file, code } of snippets) await writeFile(join(directory, file), code);
  expect(snippets).toHaveLength(3);
  await run("node_modules/.bin/tsc", ["-p", directory]).catch(({ stdout, message }) => {
    throw new Error(stdout || message);
  });
});

test("the guide to backends names every setting, every kind of event, and the limits as they are", () => {
  for (const key of Object.keys(proxySchema.entries)) expect(guide).toContain(`\`${key}\``);
  for (const kind of EVENT_KINDS) expect(guide).toContain(`| \`${kind}\` |`);
  expect(guide).toContain(SIGNATURE_HEADER);
  expect(guide).toContain(`up to ${EVENT_LIMITS.batch} at a time`);
  expect(guide).toContain(`for ${EVENT_LIMITS.age / 3_600_000} h`);
  expect(guide).toContain(`more than ${EVENT_LIMITS.waiting.toLocaleString("en")}`);
  expect(guide).toContain(`at most ${PROXY_LIMITS.headersLength.toLocaleString("en")} characters`);
  expect(guide).toContain(`again after ${PROXY_LIMITS.refreshRetry / 1000} s`);
});
