import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { API_LIMITS, WORKER_LIMITS } from "../../src/limits.ts";

/** Name, limit and period in seconds of each rate that `wrangler.toml` binds. */
const rates = [
  ...readFileSync("wrangler.toml", "utf8").matchAll(
    /^name = "(\w+_RATE)"\nnamespace_id = "\d+"\nsimple = \{ limit = (\d+), period = (\d+) \}$/gm,
  ),
].map(([, name, limit, period]) => [name, Number(limit), Number(period)]);

test("ABUSE-07 ABUSE-37: wrangler.toml binds the rates that the documents name", () => {
  expect(rates).toEqual([
    ["CONNECT_RATE", WORKER_LIMITS.connectionsPerMinute, WORKER_LIMITS.retryAfter],
    ["API_RATE", API_LIMITS.requestsPerMinute, API_LIMITS.retryAfter],
  ]);
});
