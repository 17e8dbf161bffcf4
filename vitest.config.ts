import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Files of these suites run next to each other, one on each core: by default, one core would be left idle. */
const together = { maxWorkers: "100%" };

/**
 * Suites that start real gateways share the cores with them, so their files run one after the other, when the others
 * are through; in one process, so that each worker is built once.
 */
const alone = {
  fileParallelism: false,
  isolate: false,
  sequence: { groupOrder: 1 },
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], ...together } },
      {
        plugins: [
          cloudflareTest({
            main: "./test/objects/worker.ts",
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { bindings: { ENVIRONMENT: "development" } },
          }),
        ],
        test: {
          name: "objects",
          include: ["test/objects/**/*.test.ts"],
          exclude: ["test/objects/chaos/**"],
          testTimeout: 15_000,
          ...together,
        },
      },
      {
        plugins: [
          cloudflareTest({
            main: "./test/objects/worker.ts",
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: { ENVIRONMENT: "development", CHAOS_SEEDS: process.env.CHAOS_SEEDS ?? "" },
            },
          }),
        ],
        test: {
          name: "chaos",
          include: ["test/objects/chaos/**/*.test.ts"],
          testTimeout: 60_000,
          ...together,
        },
      },
      { test: { name: "crash", include: ["test/chaos/**/*.test.ts"], ...alone } },
      { test: { name: "wire", include: ["test/wire/**/*.test.ts"], ...alone } },
      { test: { name: "e2e", include: ["test/e2e/**/*.test.ts"], ...alone } },
    ],
  },
});
