import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { API_LIMITS, WORKER_LIMITS } from "../../src/shared/limits.ts";
import { AS_SHIPPED } from "../support/as-shipped.ts";

/** Name, limit and period in seconds of each rate that a document binds. */
function ratesIn(file: string) {
  const bindings = readFileSync(file, "utf8").matchAll(
    /^name = "(\w+_RATE)"\nnamespace_id = "\d+"\nsimple = \{ limit = (\d+), period = (\d+) \}$/gm,
  );
  return [...bindings].map(([, name = "", limit, period]) => ({
    name,
    limit: Number(limit),
    period: Number(period),
  }));
}

test.each([AS_SHIPPED, "docs/operations.md"])(
  "ABUSE-07 ABUSE-37: %s binds the rates that the registry names",
  (file) => {
    expect(ratesIn(file)).toEqual([
      { name: "CONNECT_RATE", limit: WORKER_LIMITS.connectionsPerMinute, period: WORKER_LIMITS.retryAfter },
      { name: "API_RATE", limit: API_LIMITS.requestsPerMinute, period: API_LIMITS.retryAfter },
    ]);
  },
);

// Its operator may set other limits, but who is refused is told to come back after the period of the registry.
test("ABUSE-07 ABUSE-37: wrangler.toml binds the rates with the periods that the registry names", () => {
  const periods = ratesIn("wrangler.toml").map(({ name, period }) => [name, period]);
  expect(periods).toEqual([
    ["CONNECT_RATE", WORKER_LIMITS.retryAfter],
    ["API_RATE", API_LIMITS.retryAfter],
  ]);
});
