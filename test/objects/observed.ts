import { env, exports } from "cloudflare:workers";
import { onTestFinished } from "vitest";
import { FULL_ACCESS } from "../../src/api/access.ts";
import type { Directory } from "../../src/api/methods.ts";
import { createTools } from "../../src/api/tools.ts";
import { Shedding } from "../../src/budget/shedding.ts";
import { resolveConfig } from "../../src/config/config.ts";
import type { BudgetSettings } from "../../src/config/operations.ts";
import { config } from "../gateway/own.ts";
import { GATEWAY } from "./client.ts";

export const API_KEY = "a key of the test";

/** Asks `GET /metrics` as the holder of a key; `headers` go over that. */
export function askMetrics(
  query = "",
  headers: Record<string, string> = { "X-API-Key": API_KEY },
): Promise<Response> {
  setForTest(env, "API_KEY", API_KEY);
  return exports.default.fetch(`${GATEWAY}/metrics${query}`, { headers });
}

/** The values that `GET /metrics` tells, by series. Throws when it refuses. */
export async function readMetrics(query = ""): Promise<ReadonlyMap<string, number>> {
  const response = await askMetrics(query);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(" ")),
      Number(line.slice(line.lastIndexOf(" ") + 1)),
    ]),
  );
}

/** Where the API looks channels and hubs up, where the configuration that the Worker reads has one. */
export function lookedUp(bindings = env): Directory | undefined {
  return createTools(bindings, FULL_ACCESS, {
    kinds: {},
    config: resolveConfig(config, {}),
    shedding: new Shedding(),
  }).directory;
}

/** Turns the directory on in the configuration that the Worker reads, for the running test. */
export function enableDirectory(): void {
  setForTest(config, "operations", { directory: true });
}

/** The same with a budget. */
export function enableBudget(budget: BudgetSettings): void {
  setForTest(config, "operations", { directory: true, budget });
}

/** A test shares its isolate with the gateway, so what it sets here, the gateway finds. */
function setForTest<Target extends object, Key extends keyof Target>(
  target: Target,
  key: Key,
  value: Target[Key],
): void {
  const before = target[key];
  target[key] = value;
  onTestFinished(() => {
    target[key] = before;
  });
}
