/**
 * Says how large a Worker with the whole gateway is, as Cloudflare counts it: gzipped. Fails where it is over the limit, or
 * where docs/package.md says something else; `--write` corrects the page.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { isStale, withSize } from "./package/size-in-guide.ts";

const GUIDE = "docs/package.md";
const LIMIT_KIB = 156;

const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
const { outputFiles } = await build({
  entryPoints: ["src/worker.ts"],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2024",
  conditions: ["workerd", "worker", "browser"],
  external: ["cloudflare:*"],
  write: false,
  outdir: ".",
});
const size = gzipSync(outputFiles[0]?.contents ?? "").length / 1024;
const guide = readFileSync(GUIDE, "utf8");
console.log(`a Worker with the whole gateway: ${size.toFixed(1)} KiB gzipped, at most ${LIMIT_KIB}`);
if (values.write) writeFileSync(GUIDE, withSize(guide, size));
else if (isStale(guide, size)) {
  console.error(`${GUIDE} says another size: npm run size -- --write`);
  process.exitCode = 1;
}
if (size > LIMIT_KIB) process.exitCode = 1;
