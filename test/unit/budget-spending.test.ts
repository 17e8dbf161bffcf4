import { describe, expect, test } from "vitest";
import { dollarsOf } from "../../src/budget/dollars.ts";
import { isShed, levelOf, SHED, shedAt } from "../../src/budget/levels.ts";
import { budgetRefusal, levelOfRefusal } from "../../src/budget/refusal.ts";
import { Shedding } from "../../src/budget/shedding.ts";
import { type BudgetDay, Spending, type SpendingStore } from "../../src/budget/spending.ts";
import { REFUSAL_HEADER } from "../../src/channels/placement.ts";
import { resolveConfig } from "../../src/config/config.ts";
import type { BudgetConfig } from "../../src/config/operations.ts";
import type { Samples } from "../../src/metrics/registry.ts";
import { sum } from "../../src/metrics/samples.ts";
import { labelled, seriesOf } from "../../src/metrics/series.ts";
import { BUDGET_LIMITS } from "../../src/shared/limits.ts";
import { PRICES } from "../../src/shared/prices.ts";
import { captureLines } from "../support/log.ts";

const DAY = 86_400_000;
const NOON = 20_000 * DAY + DAY / 2;
/** Rows of which a million cost a dollar. */
const rows = (count: number): Samples => ({ poorwill_hub_rows_written: count });
/** Activities of all that a cause brings. */
const activity = (object: "hub" | "room", cause: string, count = 1_000_000): Samples =>
  object === "hub"
    ? labelled("poorwill_hub_activity", [[cause, count]])
    : { [seriesOf("poorwill_room_activity", "game", cause)]: count };
// A little more, so that no level hangs on how sums of fractions are rounded.
const CENT = 10_010;

function spendingOf(config: Partial<BudgetConfig> = {}, before: Samples = {}) {
  const stored: { day: BudgetDay | undefined; writes: number; counters: Samples } = {
    ...{ day: undefined, writes: 0, counters: before },
  };
  const store: SpendingStore = {
    counters: () => stored.counters,
    budgetDay: () => stored.day,
    saveBudgetDay: (day) => Object.assign(stored, { day, writes: stored.writes + 1 }),
  };
  const start = () => new Spending({ dollarsPerDay: 0.1, onExceeded: "shed", ...config }, store);
  let spending = start();
  return {
    stored,
    wake: () => {
      spending = start();
    },
    add: (added: Samples, now = NOON) => {
      const { shed } = spending.add(added, now);
      stored.counters = sum([stored.counters, added]);
      return shed;
    },
    gauge: (of: string, now = NOON) => spending.gauges(now)[`poorwill_budget_dollars{of="${of}"}`],
    sheds: (what: string, now = NOON) => spending.gauges(now)[`poorwill_budget_shed{what="${what}"}`],
  };
}

describe("what counters come to", () => {
  test("BUDGET-02: list prices, the same that the cost page reckons with", () => {
    expect(dollarsOf({ poorwill_hub_rows_written: 1_000_000 })).toBeCloseTo(PRICES.rowsWritten.perMillion);
    expect(dollarsOf(activity("hub", "call"))).toBeCloseTo(PRICES.objectRequests.perMillion);
    expect(dollarsOf({ 'poorwill_worker_refusals{code="unauthorized"}': 1_000_000 })).toBeCloseTo(0.3);
    // Twenty messages are one request.
    expect(dollarsOf(activity("hub", "message", 20_000_000))).toBeCloseTo(0.15);
    // An object that is awake for 30 days: 128 MB.
    expect(dollarsOf({ 'poorwill_room_awake_milliseconds{kind="game"}': 30 * DAY })).toBeCloseTo(4.15, 2);
  });

  test.each(["hub", "room"] as const)(
    "BUDGET-02: each handshake at a %s, and each request over HTTP, costs two requests, whatever becomes of it",
    (object) => {
      for (const cause of ["connect", "request"])
        expect(dollarsOf(activity(object, cause))).toBeCloseTo(0.45);
      expect(dollarsOf(activity(object, "alarm:alarm"))).toBeCloseTo(0.15);
      expect(dollarsOf(activity(object, "close"))).toBe(0);
    },
  );

  test("BUDGET-02: what is no cost counts for nothing", () => {
    expect(dollarsOf({ centrifugo_transport_messages_sent: 1e9, poorwill_hub_flushes: 1e9 })).toBe(0);
  });
});

describe("levels", () => {
  test("BUDGET-03: the more is spent, the more is refused, in this order", () => {
    const shed = [99, 100, 109, 110, 120, 129, 130, 1_000].map(
      (percent) => shedAt(levelOf(percent, 100)).length,
    );
    expect(shed).toEqual([0, 1, 1, 2, 3, 3, 4, 4]);
    expect(shedAt(4)).toEqual(["anonymous", "connections", "channels", "reads"]);
    expect(SHED.filter((what) => isShed(2, what))).toEqual(["anonymous", "connections"]);
  });

  test("BUDGET-05: what a hub or room has heard is forgotten with the day, and what the Worker has learned after a minute", () => {
    const [hub, worker] = [new Shedding(), new Shedding()];
    hub.told(2, NOON);
    worker.learned(2, NOON);
    expect(hub.refuses("connections", NOON + DAY / 2 - 1)).toBe(true);
    expect(hub.refuses("channels", NOON)).toBe(false);
    expect(hub.refuses("connections", NOON + DAY / 2)).toBe(false);
    expect(worker.refuses("connections", NOON + BUDGET_LIMITS.learned - 1)).toBe(true);
    expect(worker.refuses("connections", NOON + BUDGET_LIMITS.learned)).toBe(false);
    worker.learned(2, NOON + DAY / 2 - 10);
    expect(worker.refuses("connections", NOON + DAY / 2)).toBe(false);
    hub.told(0, NOON);
    expect(hub.refuses("anonymous", NOON)).toBe(false);
  });

  test("BUDGET-05: a refusal tells the Worker the level, and another one tells none", () => {
    const refusal = (text: string) => new Response(null, { headers: { [REFUSAL_HEADER]: text } });
    expect(levelOfRefusal(refusal(budgetRefusal(3)))).toBe(3);
    expect(levelOfRefusal(refusal("full"))).toBeUndefined();
    expect(levelOfRefusal(new Response())).toBeUndefined();
  });
});

describe("the sum of a day", () => {
  test("BUDGET-01: begins with the first report of the day, in UTC, and forgets it with the day", () => {
    const { add, gauge, sheds } = spendingOf({}, rows(1_000 * CENT));
    expect(add(rows(9 * CENT))).toBe(0);
    expect(gauge("spent")).toBeCloseTo(0.09);
    expect(add(rows(CENT))).toBe(1);
    expect(sheds("anonymous")).toBe(1);
    expect(add(rows(CENT))).toBe(2);
    expect(gauge("spent", NOON + DAY)).toBe(0);
    expect(add(rows(CENT), NOON + DAY)).toBe(0);
    expect(gauge("spent", NOON + DAY)).toBeCloseTo(0.01);
    expect(gauge("budget")).toBe(0.1);
  });

  test("BUDGET-01: outlives the sleep of the directory, for one row a day and one for each level", () => {
    const { add, gauge, stored, wake } = spendingOf();
    for (let count = 0; count < 9; count += 1) {
      add(rows(CENT));
      wake();
    }
    expect(stored.writes).toBe(1);
    expect(gauge("spent")).toBeCloseTo(0.09);
    add(rows(CENT));
    wake();
    add(rows(1));
    expect(stored.writes).toBe(2);
  });

  test("BUDGET-01: a build that reckons otherwise does not bill the days before", () => {
    const { add, gauge, stored } = spendingOf({}, rows(1_000 * CENT));
    add(rows(CENT));
    // What the counters of the beginning come to is not stored.
    expect(stored.day?.start).toEqual(rows(1_000 * CENT));
    expect(gauge("spent")).toBeCloseTo(0.01);
  });

  test("BUDGET-04: each level is a log line, once a day", () => {
    const lines = captureLines();
    const { add, wake } = spendingOf();
    for (let count = 0; count < 15; count += 1) {
      add(rows(CENT));
      wake();
    }
    expect(lines().map(({ event, shed }) => [event, shed])).toEqual([
      ["budget.exceeded", "anonymous"],
      ["budget.exceeded", "anonymous, connections"],
      ["budget.exceeded", "anonymous, connections, channels"],
      ["budget.exceeded", "anonymous, connections, channels, reads"],
    ]);
    expect(lines()[0]).toMatchObject({ spent: 0.1001, dollarsPerDay: 0.1 });
  });

  test("BUDGET-04: with `log`, nothing is refused", () => {
    const lines = captureLines();
    const { add, sheds } = spendingOf({ onExceeded: "log" });
    expect(add(rows(20 * CENT))).toBe(0);
    expect(sheds("anonymous")).toBe(0);
    expect(lines()).toMatchObject([{ event: "budget.exceeded", shed: "nothing" }]);
  });
});

describe("the configuration", () => {
  const resolve = (operations: object) => resolveConfig({ operations }, {}).operations.budget;

  test("BUDGET-06: says what a day may cost, and needs the directory", () => {
    expect(resolve({ directory: true })).toBeUndefined();
    expect(resolve({ directory: true, budget: { dollarsPerDay: 2 } })).toEqual({
      dollarsPerDay: 2,
      onExceeded: "log",
    });
    expect(() => resolve({ budget: { dollarsPerDay: 2 } })).toThrow(
      "operations.budget: needs operations.directory",
    );
  });

  test.each([
    {},
    { dollarsPerDay: 0 },
    { dollarsPerDay: Number.POSITIVE_INFINITY },
    { dollarsPerDay: 1, onExceeded: "stop" },
  ])("BUDGET-06: %j is no budget", (budget) => {
    expect(() => resolve({ directory: true, budget })).toThrow("operations.budget");
  });
});
