import { resolve } from "node:path";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { PATIENCE_MS } from "./test/support/patience.ts";

/** What is too long for `npm test`: the package as others install it. Each of these may fetch other packages. */
const patience = { testTimeout: 600_000, hookTimeout: 600_000, expect: { poll: { timeout: PATIENCE_MS } } };

/** As `setup.ts` lays them out: the package of this checkout, and the first one. */
const packages = {
  "poorwill-first": resolve("node_modules/.packed/first/dist/index.js"),
  "poorwill-latest": resolve("node_modules/.packed/this/dist/index.js"),
};

export default defineConfig({
  test: {
    globalSetup: "./test/packed/support/setup.ts",
    projects: [
      {
        test: {
          name: "packed",
          include: ["test/packed/*.test.ts"],
          maxWorkers: 2,
          isolate: false,
          ...patience,
        },
      },
      {
        test: {
          name: "examples",
          include: ["test/e2e/example-*.test.ts"],
          maxWorkers: 2,
          isolate: false,
          ...patience,
        },
      },
      {
        plugins: [
          cloudflareTest({
            main: "./test/packed/upgrade/worker.ts",
            wrangler: { configPath: "./test/gateway/wrangler.toml" },
            miniflare: { bindings: { ENVIRONMENT: "development" } },
          }),
        ],
        resolve: { alias: packages },
        test: { name: "upgrade", include: ["test/packed/upgrade/*.test.ts"], ...patience },
      },
    ],
  },
});
