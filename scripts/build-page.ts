/**
 * Bundles the page's scripts from src/client/ into static/, where the Worker's assets are: app.js, what it imports
 * later, and what they share. Their names stay the same, so that nothing of an earlier build is left behind.
 */
import { build } from "esbuild";
import { writeChanged } from "./write-changed.ts";

const { outputFiles } = await build({
  entryPoints: [{ in: "src/client/main.ts", out: "app" }],
  outdir: "static",
  chunkNames: "[name]",
  splitting: true,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  logLevel: "warning",
  write: false,
});

for (const { path, contents } of outputFiles) writeChanged(path, contents);
