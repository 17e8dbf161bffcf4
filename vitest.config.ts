import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Suites that start real gateways share two cores with them, so their files run one after the other. */
const alone = { fileParallelism: false, testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"] } },
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
        test: { name: "chaos", include: ["test/objects/chaos/**/*.test.ts"], testTimeout: 60_000 },
      },
      { test: { name: "crash", include: ["test/chaos/**/*.test.ts"], ...alone } },
      { test: { name: "wire", include: ["test/wire/**/*.test.ts"], ...alone } },
      { test: { name: "e2e", include: ["test/e2e/**/*.test.ts"], ...alone } },
    ],
  },
});
