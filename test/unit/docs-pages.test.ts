import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { capacityPage } from "../../scripts/docs/capacity-page.ts";
import { codesPage } from "../../scripts/docs/codes-page.ts";
import { commentsOf } from "../../scripts/docs/comments.ts";
import { comparePage } from "../../scripts/docs/compare-page.ts";
import { costPage } from "../../scripts/docs/cost-page.ts";
import { limitsPage } from "../../scripts/docs/limits-page.ts";
import { metricsPage } from "../../scripts/docs/metrics-page.ts";
import { withNumbers, withPeers } from "../../scripts/docs/numbers.ts";
import { readResults } from "../../scripts/docs/results.ts";
import { METRICS } from "../../src/metrics/registry.ts";
import {
  API_REFUSALS,
  DISCONNECTS,
  ERRORS,
  HTTP_ERRORS,
  ROOM_CLOSES,
  UNSUBSCRIBES,
} from "../../src/shared/codes.ts";
import * as limits from "../../src/shared/limits.ts";

/** Of texts: `NAME?: string`, or a name that stands as a default. */
const VARIABLE = /\b[A-Z][A-Z_]+(?=\?: string;|",?;?$)/gm;
/** Set by `npm start` alone. */
const NO_SECRETS = new Set(["ENVIRONMENT"]);

test.each([
  ["limits", limitsPage],
  ["codes", codesPage],
  ["metrics", metricsPage],
  ["cost", costPage],
  ["capacity", capacityPage],
  ["compare", comparePage],
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
  for (const { status, message } of Object.values(API_REFUSALS))
    expect(codes).toMatch(new RegExp(`^\\| ${status} \\| ${message} \\| [^|]{5,} \\|$`, "m"));
  for (const name of Object.keys(METRICS)) expect(metricsPage()).toContain(`| \`${name}\` |`);
});

test("OPS-11: comments are read whole, whatever lines they take", () => {
  const comments = commentsOf("src/config/connection.ts", "ConnectionConfig");
  expect(comments.get("commandRate")).toBe(
    "Commands of one connection; more are answered with error 111, and more than twice as many close it with 3013. An answer counts as one more for each 65,536 characters, and for each 100 members that it lists or counts. Default 100 a second after a burst of 1,000.",
  );
  expect(comments.get("pong")).toBe(
    "Whether clients must answer pings; one that does not is closed with 3012. Default true.",
  );
});

test("GUIDE-08: the README's numbers are those of bench/RESULTS.md", () => {
  const readme = readFileSync("README.md", "utf8");
  expect(readme).toBe(withNumbers(readme));
  const [, node = ""] = /^\| echo, 50 connections \|.*\| ([\d,]+) \|$/m.exec(readme) ?? [];
  expect(Number(node.replaceAll(",", ""))).toBe(
    readResults().median("Echo, 50 connections: messages/s", "ws on Node"),
  );
  expect(withNumbers(readme.replaceAll("messages/s |", "lies |"))).toBe(readme);
});

test("GUIDE-26: the numbers of docs/why.md are those of bench/RESULTS.md", () => {
  const page = readFileSync("docs/why.md", "utf8");
  expect(page).toBe(withPeers(page));
  const [, ...cells] =
    /^\| echo, 50 connections: messages\/s \| (\S+) \| (\S+) \| (\S+) \|$/m.exec(page) ?? [];
  const measured = [undefined, "partyserver", "ws on Node"].map((target) =>
    readResults().median("Echo, 50 connections: messages/s", target),
  );
  expect(cells.map((cell) => Number(cell.replaceAll(",", "")))).toEqual(measured);
});

test("GUIDE-08: a number that is missing is an error that names it", () => {
  expect(() => readResults().median("Echo, no connections: messages/s")).toThrow("Echo, no connections");
  expect(() => readResults().ratio("Echo, 50 connections: messages/s", "nobody")).toThrow("against nobody");
  expect(() => readResults().median("Echo, 50 connections: messages/s", "nobody")).toThrow("no number");
  expect(() => withNumbers("# Another page")).toThrow("no place");
});

test.each(globSync(["*.md", "docs/**/*.md", "examples/*/*.md"]))(
  "GUIDE-09: every link of %s leads to a page and a heading",
  (page) => {
    const text = readFileSync(page, "utf8");
    for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [file = "", anchor] = target.split("#");
      const path = file === "" ? page : join(dirname(page), file);
      expect(existsSync(path), target).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(path), target).toContain(anchor);
    }
  },
);

test("GUIDE-10: .dev.vars.example and the guide to operations name every variable that the gateway reads", () => {
  const sources = ["src/deployment/env.ts", "src/config/tokens.ts", "src/config/backend-address.ts"];
  const names = sources.flatMap((file) => readFileSync(file, "utf8").match(VARIABLE) ?? []);
  const wanted = new Set(names.filter((name) => !NO_SECRETS.has(name)));
  expect(wanted.size).toBeGreaterThanOrEqual(10);
  const example = readFileSync(".dev.vars.example", "utf8");
  const operations = readFileSync("docs/operations.md", "utf8");
  for (const name of wanted) {
    expect(example).toMatch(new RegExp(`^${name}=""$`, "m"));
    expect(operations).toContain(`\`${name}\``);
  }
});

test("GUIDE-11: every line of the log that the guide to operations names is one that the gateway writes", () => {
  const lines = new Set(
    readFileSync("docs/operations.md", "utf8").match(/(?<=`)(?:api|gateway|hub|operator|room)\.\w+(?=`)/g),
  );
  expect(lines.size).toBeGreaterThanOrEqual(8);
  const sources = globSync(["src/**/*.ts", "durable-objects/**/*.ts"]).map((file) =>
    readFileSync(file, "utf8"),
  );
  for (const line of lines)
    expect(
      sources.some((source) => source.includes(`"${line}"`)),
      line,
    ).toBe(true);
});

/** As GitHub makes them of headings. */
function anchorsOf(page: string): string[] {
  const headings = readFileSync(page, "utf8").match(/^#+ .*$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, "")
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

test("GUIDE-23: CONTRIBUTING.md says what each project of the tests is for", () => {
  const projects = readFileSync("vitest.config.ts", "utf8").matchAll(/\bname: "(\w+)"/g);
  const names = [...projects].map(([, name]) => name);
  expect(names.length).toBeGreaterThanOrEqual(7);
  const guide = readFileSync("CONTRIBUTING.md", "utf8");
  for (const name of names) expect(guide).toContain(`\n| \`${name}\` | \`test/`);
});

test("GUIDE-25: CONTRIBUTING.md says what is in each folder of the source, and every path in it is there", () => {
  const guide = readFileSync("CONTRIBUTING.md", "utf8");
  const [, folders = ""] = /^## Where things are$(.*?)^## /ms.exec(guide) ?? [];
  const named = new Set(pathsIn(folders));
  for (const folder of globSync("src/*/")) expect(named).toContain(`${folder.replace(/\/$/, "")}/`);
  const paths = pathsIn(guide);
  expect(paths.length).toBeGreaterThanOrEqual(40);
  for (const path of paths) expect(existsSync(path), path).toBe(true);
});

/** What is set as code and looks like a path from the root of the repository on. */
function pathsIn(text: string): string[] {
  const roots = /(?<=`)(?:bench|docs|durable-objects|examples|scripts|src|static|test)\/[\w./-]*(?=`)/g;
  return text.match(roots) ?? [];
}
