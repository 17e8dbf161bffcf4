import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { beyond, elsewhere } from "./test/support/elsewhere.ts";
import { PATIENCE_MS } from "./test/support/patience.ts";

/** What hangs is ended by these, and nothing else: a machine that is busy with other work takes its time. */
const patience = { testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: PATIENCE_MS } } };

/** Files of these suites run next to each other, one on each core: by default, one core would be left idle. */
const together = { maxWorkers: "100%", ...patience };

/**
 * Suites that start real gateways mostly wait, but share two cores with them: two files at a time, when the others are
 * through. They keep their processes, since what those load takes longer than most files.
 */
const gateways = {
  maxWorkers: 2,
  isolate: false,
  sequence: { groupOrder: 1 },
  ...patience,
};

export default defineConfig({
  test: {
    globalSetup: "./test/support/shared-bundles.ts",
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], ...together } },
      {
        plugins: [
          cloudflareTest({
            main: "./test/objects/worker.ts",
            wrangler: { configPath: "./test/gateway/wrangler.toml" },
            miniflare: {
              bindings: { ENVIRONMENT: "development" },
              outboundService: beyond,
              durableObjects: { ELSEWHERE: { className: "Elsewhere", scriptName: "elsewhere" } },
              workers: [elsewhere],
            },
          }),
        ],
        test: {
          name: "objects",
          include: ["test/objects/**/*.test.ts"],
          exclude: ["test/objects/chaos/**"],
          ...together,
        },
      },
      {
        plugins: [
          cloudflareTest({
            main: "./test/objects/worker.ts",
            wrangler: { configPath: "./test/gateway/wrangler.toml" },
            miniflare: {
              bindings: { ENVIRONMENT: "development", CHAOS_SEEDS: process.env.CHAOS_SEEDS ?? "" },
            },
          }),
        ],
        test: {
          name: "chaos",
          include: ["test/objects/chaos/**/*.test.ts"],
          ...together,
        },
      },
      { test: { name: "crash", include: ["test/chaos/**/*.test.ts"], ...gateways } },
      { test: { name: "wire", include: ["test/wire/**/*.test.ts"], ...gateways } },
      { test: { name: "memory", include: ["test/memory/**/*.test.ts"], ...gateways, testTimeout: 600_000 } },
      { test: { name: "e2e", include: ["test/e2e/**/*.test.ts"], ...gateways } },
      // One file at a time, and after all others: it compares delays.
      {
        test: {
          name: "hostile",
          include: ["test/hostile/**/*.test.ts"],
          ...gateways,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          testTimeout: 600_000,
        },
      },
    ],
  },
});
