import { afterAll, beforeAll, test, vi } from "vitest";
import { createFork, type Fork } from "../support/fork.ts";

/** A run of many tests takes longer than one. */
vi.setConfig({ testTimeout: 600_000 });

let fork: Fork;

/** The guides' own snippets, and what they say in words. */
beforeAll(async () => {
  fork = await createFork();
  // Kinds and channels of its own; none of those that ship, nothing for `npm start`, and a secret that tests do not have.
  await fork.write("src/rooms/chat.ts", await fork.snippet("docs/rooms.md", "ts chat.ts"));
  await fork.write("src/rooms/index.ts", await fork.snippet("docs/rooms.md", "ts index.ts"));
  await fork.write("src/hooks.ts", await fork.snippet("docs/channels.md", "ts hooks.ts"));
  await fork.write("src/config.ts", await fork.snippet("docs/channels.md", "ts config.ts"));
  await fork.replace("src/config.ts", 'import { development } from "./config/development.ts";\n', "");
  await fork.replace("src/config.ts", "development,", 'tokens: { hmacSecret: "SECRET_OF_THE_FORK" },');
  // A domain, origins, more connections, compression, an object and an environment of its own, and variables for development.
  await fork.replace(
    "wrangler.toml",
    'main = "src/worker.ts"',
    'main = "src/worker.ts"\nroutes = [{ pattern = "gateway.example.com", custom_domain = true }]\nworkers_dev = false',
  );
  await fork.replace("wrangler.toml", '"no_web_socket_compression"', '# "no_web_socket_compression"');
  await fork.replace("wrangler.toml", "limit = 1000", "limit = 5000");
  await fork.append("wrangler.toml", await fork.snippet("docs/rooms.md", "toml tally"));
  await fork.append("wrangler.toml", '\n[vars]\nALLOWED_ORIGINS = "https://app.example.com"\n');
  await fork.write(".dev.vars", 'ALLOWED_ORIGINS="https://dev.example.com"\nAPI_KEY="of the fork"\n');
});

afterAll(() => fork.delete());

test("README-12: types and generated docs are right in a fork that follows the guides", async () => {
  const projects = ["tsconfig.json", "tsconfig.client.json", "tsconfig.node.json"];
  for (const project of projects) await fork.run("tsc", "-p", project);
  await fork.run("node", "scripts/generate-docs.ts", "--check");
});

const READING = [
  "guide",
  "docs-pages",
  "compatibility",
  "limits-rates",
  "own-files",
  "rooms-shipped",
  "config",
];
const RUNNING = ["objects/hello", "objects/metrics-hub", "wire/rooms", "e2e/readme", "e2e/api"];

// Those that read what an operator changes, and of those that run the gateway some for each way to do that.
test.each([
  ["unit", ["--project=unit", ...READING]],
  ["other projects", RUNNING.map((name) => `test/${name}.test.ts`)],
])("README-12: tests of %s pass in a fork that follows the guides", async (_, filters) => {
  await fork.run("vitest", "run", ...filters);
});
