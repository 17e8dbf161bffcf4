import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "tsdown";
import { filesOfPage, readPageFiles } from "./scripts/package/page-files.ts";

const PAGE = "static";
const PAGE_FILES = "poorwill:page-files";

/** What users import, as `poorwill` and `poorwill/<name>`. */
export const entries = {
  index: "src/index.ts",
  rooms: "src/package/rooms.ts",
  backend: "src/package/backend.ts",
  console: "src/package/console.ts",
  testing: "src/package/testing.ts",
};

/** The package: `npm run build:package`. What it depends on stays outside, as does the runtime. */
export default defineConfig({
  entry: entries,
  platform: "neutral",
  target: "es2024",
  sourcemap: true,
  dts: { sourcemap: false },
  checks: { pluginTimings: false },
  outputOptions: { chunkFileNames: "shared/[name].js" },
  deps: { neverBundle: /^cloudflare:/ },
  plugins: [
    {
      name: "page-files",
      resolveId: (id) => (id === PAGE_FILES ? `\0${PAGE_FILES}` : undefined),
      load: (id) =>
        id === `\0${PAGE_FILES}`
          ? `export const pageFiles = ${JSON.stringify(readPageFiles(PAGE))};`
          : undefined,
    },
  ],
  hooks: {
    // The page as a folder too, for a Worker that serves it as assets.
    "build:done": ({ options: { outDir } }) => {
      const folder = join(outDir, "console");
      mkdirSync(folder, { recursive: true });
      for (const name of filesOfPage(PAGE)) copyFileSync(join(PAGE, name), join(folder, name));
    },
  },
});
