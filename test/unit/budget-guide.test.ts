import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { levelOf, SHED } from "../../src/budget/levels.ts";
import { resolveConfig } from "../../src/config/config.ts";
import { wakeBudgets } from "../../src/hub/wake-budgets.ts";
import { DISCONNECTS, ERRORS, HTTP_ERRORS } from "../../src/shared/codes.ts";
import { BUDGET_LIMITS, HUB_LIMITS, ROOM_LIMITS } from "../../src/shared/limits.ts";
import { OBJECT_GIGABYTES, PRICES } from "../../src/shared/prices.ts";

const guide = readFileSync("docs/budget.md", "utf8");

test("BUDGET-08: the guide names each level, its percent and its code", () => {
  const rows = [...guide.matchAll(/^\| (\d+) % \| (.+) \|$/gm)];
  expect(rows.map(([, percent]) => Number(percent))).toEqual(SHED.map((what) => BUDGET_LIMITS[what]));
  expect(rows.map(([, percent]) => levelOf(Number(percent), 100))).toEqual([1, 2, 3, 4]);
  for (const [index, what] of SHED.entries()) expect(rows[index]?.[2]).toContain(`\`${what}\` |`);
  expect(rows[0]?.[2]).toContain(String(DISCONNECTS.budgetExceeded.code));
  expect(rows[1]?.[2]).toContain(`${HTTP_ERRORS.budget_exceeded.status} \`budget_exceeded\``);
  for (const row of rows.slice(2)) expect(row[2]).toContain(`error ${ERRORS.budgetExceeded.code}`);
});

test("BUDGET-08: the guide says how often jobs may wake their objects", () => {
  const budgets = wakeBudgets({ pingInterval: 25 });
  expect(guide).toContain(`says: ${budgets.ping.perHour} for 25 seconds`);
  expect(guide).toContain(`reports are possible: ${budgets.report.perHour} |`);
  expect(guide).toContain(`has failed | ${budgets.retry.perHour} |`);
  expect(guide).toContain(`| ${budgets.settle.perHour.toLocaleString("en")}: two a second`);
  expect(guide).toContain(`${ROOM_LIMITS.alarmsPerHour.toLocaleString("en")} by default`);
  expect([HUB_LIMITS.jobWait, ROOM_LIMITS.alarmWait]).toEqual([60_000, 3_600_000]);
});

test("BUDGET-08: the configuration of the guide works, and a day of the directory costs what it says", () => {
  const [, shown = ""] = /budget: \{ dollarsPerDay: (\d+), onExceeded: "shed" \}/.exec(guide) ?? [];
  const budget = { dollarsPerDay: Number(shown), onExceeded: "shed" } as const;
  expect(resolveConfig({ operations: { directory: true, budget } }, {}).operations.budget).toEqual(budget);
  const day = ((86_400 * OBJECT_GIGABYTES) / 1_000_000) * PRICES.gigabyteSeconds.perMillion;
  expect(guide).toContain(`at most $${day.toFixed(2)} a day`);
});
