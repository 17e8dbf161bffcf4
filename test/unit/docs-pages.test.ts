import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { codesPage } from "../../scripts/docs/codes-page.ts";
import { commentsOf } from "../../scripts/docs/comments.ts";
import { costPage } from "../../scripts/docs/cost-page.ts";
import { limitsPage } from "../../scripts/docs/limits-page.ts";
import { metricsPage } from "../../scripts/docs/metrics-page.ts";
import { DISCONNECTS, ERRORS, HTTP_ERRORS, ROOM_CLOSES, UNSUBSCRIBES } from "../../src/codes.ts";
import * as limits from "../../src/limits.ts";
import { METRICS } from "../../src/metrics/registry.ts";

test.each([
  ["limits", limitsPage],
  ["codes", codesPage],
  ["metrics", metricsPage],
  ["cost", costPage],
])("OPS-11: docs/%s.md is what the code says", (name, page) => {
  expect(readFileSync(`docs/${name}.md`, "utf8")).toBe(page());
});

test("OPS-11: every limit has a row", () => {
  const page = limitsPage();
  for (const group of Object.values(limits)) {
    for (const name of Object.keys(group))
      expect(page).toMatch(new RegExp(`^\\| \`${name}\` \\| [^|]+ \\| [^|]{5,} \\|`, "m"));
  }
});

test("OPS-11: every code and every metric has a row", () => {
  const codes = codesPage();
  const numbers = [ERRORS, DISCONNECTS, UNSUBSCRIBES, ROOM_CLOSES].flatMap((registry) =>
    Object.values<{ code: number }>(registry),
  );
  for (const { code } of numbers)
    expect(codes).toMatch(new RegExp(`^\\| ${code} \\| [^|]+ \\| [^|]{5,} \\| [^|]+ \\|$`, "m"));
  for (const name of Object.keys(HTTP_ERRORS))
    expect(codes).toMatch(new RegExp(`^\\| \`${name}\` \\| \\d{3} \\| [^|]+ \\| [^|]{5,} \\|$`, "m"));
  for (const name of Object.keys(METRICS)) expect(metricsPage()).toContain(`| \`${name}\` |`);
});

test("OPS-11: comments are read whole, whatever lines they take", () => {
  const comments = commentsOf("src/channels/connection-config.ts", "ConnectionConfig");
  expect(comments.get("commandRate")).toBe(
    "Commands of one connection; more are answered with error 111, and more than twice as many close it with 3013. Default 10,000 a second after a burst of 20,000.",
  );
  expect(comments.get("pong")).toBe(
    "Whether clients must answer pings; one that does not is closed with 3012. Default true.",
  );
});
