import { cp, mkdir, symlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { build } from "tsdown";
import manifest from "../../package.json" with { type: "json" };
import config from "../../tsdown.config.ts";

/** Builds the package into the `node_modules` of a folder, and links what it depends on and what tests of it need. */
export async function buildPackageInto(folder: string): Promise<void> {
  const modules = join(folder, "node_modules");
  const own = join(modules, manifest.name);
  await mkdir(own, { recursive: true });
  await cp("package.json", join(own, "package.json"));
  await build({ ...config, config: false, outDir: join(own, "dist"), logLevel: "error" });
  for (const name of [...Object.keys(manifest.dependencies), "@cloudflare/workers-types", "@types/node"]) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(resolve("node_modules", name), join(modules, name));
  }
}
