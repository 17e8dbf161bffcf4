/** Bundles the command line into one file each for the package and for `npm create poorwill`: they need nothing else. */
import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { build } from "esbuild";
import { writeChanged } from "./write-changed.ts";

const BINS = {
  "dist/bin/poorwill.js": "cli/main.ts",
  "create-poorwill/dist/create-poorwill.js": "cli/create.ts",
};

for (const [bin, entry] of Object.entries(BINS)) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    outfile: bin,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    minify: true,
    // jsonc-parser's main file is UMD, whose parts a bundler cannot see.
    mainFields: ["module", "main"],
    // Commander is CommonJS, and asks for modules of Node by `require`.
    banner: {
      js: '#!/usr/bin/env node\nimport { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);',
    },
    logLevel: "warning",
    write: false,
  });
  mkdirSync(dirname(bin), { recursive: true });
  for (const { contents } of outputFiles) writeChanged(bin, contents);
  chmodSync(bin, 0o755);
}
