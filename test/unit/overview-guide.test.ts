import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RIGHTS } from "../../src/api/rights.ts";
import { ACTIONS } from "../../src/client/overview/actions.ts";
import {
  describeFailure,
  describeSignInFailure,
  USER_COMMANDS_OFF,
} from "../../src/client/overview/failure-words.ts";
import { NO_DIRECTORY } from "../../src/client/overview/notice-words.ts";
import { BLOCK_LIMITS, OPERATOR_TOKEN_LIMITS, TRACE_LIMITS } from "../../src/shared/limits.ts";

const guide = readFileSync("docs/overview.md", "utf8");
const page = readFileSync("static/index.html", "utf8");
const view = page.slice(page.indexOf('<main class="overview"'), page.indexOf('<dialog id="action"'));

/** What the guide has in the first column of its tables. */
const rows = new Set([...guide.matchAll(/^\| `?([^|`]+?)`? \|/gm)].map(([, first]) => first));

test("GUIDE-27: the guide to the overview has a row for each right and each action", () => {
  for (const right of RIGHTS) expect(rows).toContain(right);
  for (const { confirm } of Object.values(ACTIONS)) expect(rows).toContain(confirm);
});

test("GUIDE-27: it names each part of the view beside the right that the part needs", () => {
  const parts = [
    ...view.matchAll(/<section [^>]*data-right="([a-z ]+)"[^>]*>[\s\S]*?<h2[^>]*>([^<]+)<\/h2>/g),
  ];
  expect(parts.length).toBeGreaterThan(9);
  for (const [, rights = "", title = ""] of parts)
    for (const right of rights.split(" "))
      expect(guide).toMatch(new RegExp(`^\\| \`${right}\` \\| .*\\b${title}\\b`, "m"));
});

test("GUIDE-27: its numbers are those of the limits, and its words those of the page", () => {
  expect(guide.replaceAll("\n", " ")).toContain(
    `a token of ${OPERATOR_TOKEN_LIMITS.lifetime / 60_000} minutes`,
  );
  expect(guide).toContain(`at most ${BLOCK_LIMITS.longest / 86_400_000} days`);
  expect(guide).toContain(`at most ${TRACE_LIMITS.mostSeconds} seconds`);
  const said = [
    describeFailure("sign in", { status: 401, message: "" }),
    describeFailure("sign in", { status: 429, message: "" }),
    describeSignInFailure({ status: 200, code: 103, message: "" }),
    USER_COMMANDS_OFF,
    NO_DIRECTORY.title,
  ].join("\n");
  const wrong = guide.slice(guide.indexOf("## What may be wrong"));
  const words = [...wrong.matchAll(/^\| ([^|]+) \| (?!---)/gm)].map(([, first = ""]) => first).slice(1);
  expect(words.length).toBe(5);
  for (const each of words) expect(said).toContain(each);
});
