/** Before the tests: builds the programs whose toolchain is there, and names those that are left out. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import { built, program, TOOLCHAINS, type Toolchain, type ToolchainName } from "../toolchains.ts";

declare module "vitest" {
  interface ProvidedContext {
    toolchains: readonly ToolchainName[];
  }
}

const run = promisify(execFile);
const NAMES = Object.keys(TOOLCHAINS) as ToolchainName[];

/** @throws Error where a program cannot be built, or `REQUIRE_ALL_SDKS` is 1 and a toolchain is not there. */
export default async function build(project: TestProject): Promise<void> {
  const toolchains: ToolchainName[] = [];
  for (const name of NAMES) if (await isThere(TOOLCHAINS[name])) toolchains.push(name);
  const missing = NAMES.filter((name) => !toolchains.includes(name));
  if (missing.length > 0) {
    const words = `no toolchain for ${missing.join(", ")}: the SDKs in these languages`;
    if (process.env.REQUIRE_ALL_SDKS === "1") throw new Error(`${words} are required`);
    console.warn(`${words} are left out`);
  }
  await Promise.all(toolchains.map((name) => buildOnce(name, TOOLCHAINS[name])));
  project.provide("toolchains", toolchains);
}

async function isThere({ probes }: Toolchain): Promise<boolean> {
  const attempts = probes.map(([command, ...args]) => run(command, args));
  return (await Promise.allSettled(attempts)).every(({ status }) => status === "fulfilled");
}

/** Builds again only after something has changed from which it is built. */
async function buildOnce(name: ToolchainName, { folder, build, alsoFrom }: Toolchain): Promise<void> {
  const stamp = built(`${name}.sha256`);
  const digest = digestOf([program(folder), ...(alsoFrom === undefined ? [] : [alsoFrom])]);
  if ((await readFile(stamp, "utf8").catch(() => "")) === digest) return;
  await mkdir(built(name), { recursive: true });
  for (const [command, ...args] of build) await run(command, args, { cwd: program(folder) });
  await writeFile(stamp, digest);
}

function digestOf(folders: readonly string[]): string {
  const hash = createHash("sha256");
  const entries = folders.flatMap((folder) => globSync(`${folder}/**/*`, { withFileTypes: true }));
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  for (const path of paths) hash.update(path).update(readFileSync(path));
  return hash.digest("hex");
}
