import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { Samples } from "../../src/metrics/registry.ts";
import { DIRECTORY_NAME } from "../../src/metrics/report.ts";
import { OVERVIEW_ENDPOINT } from "../../src/overview/messages.ts";
import { BUDGET_LIMITS } from "../../src/shared/limits.ts";
import { stopClock } from "../support/clock.ts";
import { captureErrors, captureLines } from "../support/log.ts";
import { reportOf } from "../support/reports.ts";
import { until } from "../support/until.ts";
import { GATEWAY, handshake } from "./client.ts";
import { enableBudget, readMetrics } from "./observed.ts";
import { TestHub } from "./test-hub.ts";
import { TestRoom } from "./test-room.ts";

/** Rows that cost so many dollars. */
const costing = (dollars: number): { readonly counters: Samples } => ({
  counters: { poorwill_hub_rows_written: dollars * 1_000_000 },
});
const directory = () => env.DIRECTORY.getByName(DIRECTORY_NAME);

/** Each test is at a time of its own: the Worker of all asks the directory once a minute. */
const DAY = 86_400_000;

/** Comes, and goes where it is let in. */
async function knock(path: string): Promise<Response> {
  const response = await handshake(path);
  if (response.webSocket) {
    response.webSocket.accept();
    response.webSocket.close();
  }
  return response;
}

/** At a home that nobody has been at before, so it knows of no budget. */
const knockAnew = async () =>
  (await knock(`/connection/websocket?channel=open:${crypto.randomUUID()}`)).status;

test("BUDGET-01: the directory answers reports with the level, also after an eviction, and `GET /metrics` tells it", async () => {
  stopClock();
  captureLines();
  enableBudget({ dollarsPerDay: 1, onExceeded: "shed" });
  expect(await directory().report(reportOf("a", costing(0.99)))).toEqual({ shed: 0 });
  expect(await directory().report(reportOf("a", costing(1.05)))).toEqual({ shed: 1 });
  await evictDurableObject(directory());
  expect(await directory().report(reportOf("b", costing(0.06)))).toEqual({ shed: 2 });
  const metrics = await readMetrics();
  expect(metrics.get('poorwill_budget_dollars{of="spent"}')).toBeCloseTo(1.11);
  expect(metrics.get('poorwill_budget_dollars{of="budget"}')).toBe(1);
  expect(metrics.get('poorwill_budget_shed{what="connections"}')).toBe(1);
  expect(metrics.get('poorwill_budget_shed{what="channels"}')).toBe(0);
});

test("BUDGET-05: without a budget, reports are answered with nothing", async () => {
  const other = env.DIRECTORY.getByName(crypto.randomUUID());
  expect(await other.report(reportOf("a", costing(1_000)))).toBeUndefined();
});

test("BUDGET-03 BUDGET-05: a room refuses with 503 what it has learned, and the Worker then does so by itself, for a minute", async () => {
  const clock = stopClock();
  captureLines();
  enableBudget({ dollarsPerDay: 1, onExceeded: "shed" });
  await directory().report(reportOf("c", costing(1.15)));
  const room = new TestRoom({ message: (ws) => ws.send("here") });
  const client = await room.connect();
  // A room reports when it has been awake for a minute.
  await until(async () => {
    clock.advance(9_000);
    client.send("hello");
    await client.next();
    return (await knock(room.path)).status === 503;
  });
  const refused = await knock(room.path);
  expect(await refused.json()).toMatchObject({ error: { code: "budget_exceeded" } });
  expect(refused.headers.get("Retry-After")).toBe(String(BUDGET_LIMITS.retryAfter));
  expect([...refused.headers.keys()].filter((name) => name.startsWith("x-poorwill"))).toEqual([]);
  // Hubs and rooms that know nothing of it are not asked.
  expect((await knock("/connection/websocket")).status).toBe(503);
  expect((await knock(new TestRoom({ message: () => {} }).path)).status).toBe(503);
  // Who is connected goes on, and other requests are answered.
  client.send("hello");
  expect(await client.next()).toBe("here");
  expect((await exports.default.fetch(`${GATEWAY}/healthz`)).status).toBe(200);
});

test("BUDGET-05: the Worker asks the directory itself: homes with made-up names know nothing, and would let everybody in", async () => {
  const clock = stopClock(DAY + 10 * BUDGET_LIMITS.learned);
  captureLines();
  enableBudget({ dollarsPerDay: 1, onExceeded: "shed" });
  await directory().report(reportOf("e", costing(1.15)));
  await until(async () => (await knockAnew()) === 503);
  clock.advance(BUDGET_LIMITS.learned);
  expect(await knockAnew()).toBe(503);
  // Operators see what it costs.
  expect((await knock(OVERVIEW_ENDPOINT)).status).toBe(101);
});

test("BUDGET-03: a hub learns with its report, and refuses newcomers in words that only the Worker hears", async () => {
  stopClock();
  captureLines();
  enableBudget({ dollarsPerDay: 1, onExceeded: "shed" });
  await directory().report(reportOf("d", costing(1.15)));
  const hub = new TestHub({ config: { operations: { directory: true } } });
  const client = await hub.connect();
  await client.subscribe("open:a");
  await hub.runAlarm();
  await expect(hub.connect()).rejects.toThrow("503");
  await client.publish("open:a", 1);
  expect(client.isClosed).toBe(false);
});

// The last one: its directory stays broken.
test("BUDGET-05: the Worker lets everybody in again where the directory fails", async () => {
  const clock = stopClock(DAY + 20 * BUDGET_LIMITS.learned);
  captureLines();
  const failures = captureErrors();
  enableBudget({ dollarsPerDay: 1, onExceeded: "shed" });
  await directory().report(reportOf("f", costing(1.15)));
  await until(async () => (await knockAnew()) === 503);
  await runInDurableObject(directory(), (_, { storage }) => {
    storage.sql.exec("UPDATE budget_days SET start = 'no JSON'");
  });
  await evictDurableObject(directory());
  clock.advance(BUDGET_LIMITS.learned);
  await until(async () => (await knockAnew()) === 101);
  expect(failures().map(({ event }) => event)).toContain("gateway.budget_unknown");
});
