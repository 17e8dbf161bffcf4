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
        test: { name: "objects", include: ["test/objects/**/*.test.ts"], testTimeout: 15_000 },
      },
      { test: { name: "wire", include: ["test/wire/**/*.test.ts"], ...alone } },
      { test: { name: "e2e", include: ["test/e2e/**/*.test.ts"], ...alone } },
    ],
  },
});
