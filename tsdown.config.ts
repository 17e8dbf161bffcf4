import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "tsdown";
import { filesOfPage, readPageFiles } from "./scripts/package/page-files.ts";

const PAGE = "static";
const PAGE_FILES = "poorwill:page-files";

/** The package: `npm run build:package`. What it depends on stays outside, as does the runtime. */
export default defineConfig({
  entry: {
    index: "src/index.ts",
    rooms: "src/package/rooms.ts",
    backend: "src/package/backend.ts",
    console: "src/package/console.ts",
  },
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
    "build:done": () => {
      mkdirSync("dist/console", { recursive: true });
      for (const name of filesOfPage(PAGE)) copyFileSync(join(PAGE, name), join("dist/console", name));
    },
  },
});
