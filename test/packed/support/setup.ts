/** Packs the package once for all suites, and lays it out beside the first one that was packed. */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";
import { runIn } from "./run.ts";

const ROOT = resolve(".");
const SCRATCH = join(ROOT, "node_modules/.packed");
const FIRST = "test/fixtures/package";

declare module "vitest" {
  export interface ProvidedContext {
    /** The tarball of this checkout. */
    tarball: string;
  }
}

export async function setup({ provide }: TestProject): Promise<void> {
  await rm(SCRATCH, { recursive: true, force: true });
  await mkdir(SCRATCH, { recursive: true });
  await runIn(ROOT, "npm", "run", "build:package");
  await runIn(ROOT, "npm", "pack", "--ignore-scripts", "--pack-destination", SCRATCH);
  const tarball = join(SCRATCH, await onlyTarball(SCRATCH));
  await unpack(tarball, "this");
  await unpack(join(ROOT, FIRST, await onlyTarball(FIRST)), "first");
  provide("tarball", tarball);
}

/** Inside `node_modules`, so that it finds the packages that it needs. */
async function unpack(tarball: string, name: string): Promise<void> {
  const directory = join(SCRATCH, name);
  await mkdir(directory);
  await runIn(ROOT, "tar", "-xzf", tarball, "-C", directory, "--strip-components=1");
}

async function onlyTarball(directory: string): Promise<string> {
  const [tarball, ...others] = (await readdir(directory)).filter((file) => file.endsWith(".tgz"));
  if (tarball === undefined || others.length > 0) throw new Error(`expected one tarball in ${directory}`);
  return tarball;
}
