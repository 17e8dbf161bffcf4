/** Packs the package once for all suites, and lays it out beside the first one that was packed. */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";
import { runIn } from "./run.ts";

const ROOT = resolve(".");
const SCRATCH = join(ROOT, "node_modules/.packed");
const TARBALLS = join(SCRATCH, "tarballs");
const FIRST = "test/fixtures/package";

declare module "vitest" {
  export interface ProvidedContext {
    /** The tarball of this checkout. */
    tarball: string;
    /** That of `create-poorwill`. */
    createTarball: string;
  }
}

export async function setup({ provide }: TestProject): Promise<void> {
  await rm(SCRATCH, { recursive: true, force: true });
  await mkdir(SCRATCH, { recursive: true });
  await runIn(ROOT, "npm", "run", "build:package");
  const tarball = await pack(ROOT, "poorwill");
  await unpack(tarball, "this");
  await unpack(join(ROOT, FIRST, await onlyTarball(FIRST)), "first");
  provide("tarball", tarball);
  provide("createTarball", await pack(join(ROOT, "create-poorwill"), "create-poorwill"));
  // What the examples have as the package, beside these suites.
  process.env.POORWILL_PACKAGE = join(SCRATCH, "this");
}

async function pack(directory: string, name: string): Promise<string> {
  const destination = join(TARBALLS, name);
  await mkdir(destination, { recursive: true });
  await runIn(directory, "npm", "pack", "--ignore-scripts", "--pack-destination", destination);
  return join(destination, await onlyTarball(destination));
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
