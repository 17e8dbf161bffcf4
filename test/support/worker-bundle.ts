import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Unstable_Config as WranglerConfig } from "wrangler";
import { sharedDirectory } from "./shared-bundles.ts";

const run = promisify(execFile);
const wranglerDirectory = dirname(createRequire(import.meta.url).resolve("wrangler/package.json"));
const bundles = new Map<string, Promise<WorkerBundle>>();

export interface WorkerBundle {
  /** The code that a deploy would upload. */
  readonly script: string;
  /** What its wrangler.toml says. */
  readonly config: WranglerConfig;
}

/** The worker of a wrangler.toml; built once in this process, and where processes share their bundles, in all of them. */
export function bundleWorker(configPath: string): Promise<WorkerBundle> {
  const known = bundles.get(configPath) ?? readOrBuild(configPath);
  bundles.set(configPath, known);
  return known;
}

async function readOrBuild(configPath: string): Promise<WorkerBundle> {
  const directory = sharedDirectory();
  if (directory === undefined) return build(configPath);
  const file = join(directory, encodeURIComponent(resolve(configPath)));
  const shared = await readFile(file, "utf8").catch(() => undefined);
  if (shared !== undefined) return JSON.parse(shared) as WorkerBundle;
  const built = await build(configPath);
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, JSON.stringify(built));
  await rename(unfinished, file);
  return built;
}

async function build(configPath: string): Promise<WorkerBundle> {
  const [{ unstable_readConfig: readConfig }, script] = await Promise.all([
    import("wrangler"),
    buildScript(configPath),
  ]);
  return { script, config: readConfig({ config: configPath }) };
}

async function buildScript(configPath: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "poorwill-bundle-"));
  try {
    const wrangler = join(wranglerDirectory, "bin", "wrangler.js");
    await run(process.execPath, [
      wrangler,
      "deploy",
      "--dry-run",
      "--outdir",
      directory,
      "--config",
      configPath,
    ]);
    const modules = (await readdir(directory)).filter((file) => file.endsWith(".js"));
    const [module] = modules;
    if (module === undefined || modules.length > 1)
      throw new Error(`built ${modules.length} modules, not one`);
    return await readFile(join(directory, module), "utf8");
  } finally {
    await rm(directory, { recursive: true });
  }
}
