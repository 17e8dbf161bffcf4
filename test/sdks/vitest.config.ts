import { defineConfig } from "vitest/config";
import { PATIENCE_MS } from "../support/patience.ts";

/** `npm run test:sdks`: apart from `npm test`, which needs Node only. */
export default defineConfig({
  test: {
    name: "sdks",
    root: `${import.meta.dirname}/../..`,
    include: ["test/sdks/**/*.test.ts"],
    globalSetup: ["test/support/shared-bundles.ts", "test/sdks/support/build.ts"],
    maxWorkers: 2,
    // Those that run beside each other mostly wait for time to pass.
    maxConcurrency: 50,
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: PATIENCE_MS } },
  },
});
