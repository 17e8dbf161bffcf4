/** Bundles the page's script from src/client/ into static/, where the Worker's assets are. */
import { build } from "esbuild";

await build({
  entryPoints: ["src/client/main.ts"],
  outfile: "static/app.js",
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  logLevel: "warning",
});
