/**
 * Bundles the page's scripts from src/client/ into static/, where the Worker's assets are: app.js, the views that it
 * imports later, and what these share. All scripts there are made here, so those of an earlier build are removed.
 */
import { readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { writeChanged } from "./write-changed.ts";

const FOLDER = "static";

const { outputFiles } = await build({
  entryPoints: [
    { in: "src/client/main.ts", out: "app" },
    { in: "src/client/channels.ts", out: "channels" },
    { in: "src/client/overview.ts", out: "overview" },
  ],
  outdir: FOLDER,
  chunkNames: "[name]-[hash]",
  splitting: true,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  logLevel: "warning",
  write: false,
});

for (const { path, contents } of outputFiles) writeChanged(path, contents);
const made = new Set(outputFiles.map(({ path }) => basename(path)));
for (const name of readdirSync(FOLDER)) {
  if (name.endsWith(".js") && !made.has(name)) rmSync(join(FOLDER, name), { force: true });
}
