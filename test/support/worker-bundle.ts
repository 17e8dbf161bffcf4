import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const wranglerDirectory = dirname(createRequire(import.meta.url).resolve("wrangler/package.json"));
const bundles = new Map<string, Promise<string>>();

/** The code that a deploy of this wrangler.toml would upload; built once in this process. */
export function bundleWorker(configPath: string): Promise<string> {
  const known = bundles.get(configPath) ?? build(configPath);
  bundles.set(configPath, known);
  return known;
}

async function build(configPath: string): Promise<string> {
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
