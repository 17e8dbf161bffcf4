/**
 * Writes the pages of docs/ that are made from code, and the numbers of the README and of docs/why.md from bench/RESULTS.md. With `--check` it
 * writes nothing, and fails for a page that differs from what the code says.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { capacityPage } from "./docs/capacity-page.ts";
import { codesPage } from "./docs/codes-page.ts";
import { comparePage } from "./docs/compare-page.ts";
import { costPage } from "./docs/cost-page.ts";
import { limitsPage } from "./docs/limits-page.ts";
import { metricsPage } from "./docs/metrics-page.ts";
import { withNumbers, withPeers } from "./docs/numbers.ts";
import { publicApi } from "./docs/public-api.ts";
import { contentOf, writeChanged } from "./write-changed.ts";

const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  "docs/limits.md": limitsPage,
  "docs/codes.md": codesPage,
  "docs/metrics.md": metricsPage,
  "docs/cost.md": costPage,
  "docs/capacity.md": capacityPage,
  "docs/compare.md": comparePage,
  "docs/public-api.d.ts": publicApi,
  "docs/why.md": () => withPeers(readFileSync("docs/why.md", "utf8")),
  "README.md": () => withNumbers(readFileSync("README.md", "utf8")),
};

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const pages = await Promise.all(
  Object.entries(PAGES).map(async ([file, page]) => [file, await page()] as const),
);
const changed = pages.filter(([file, text]) => contentOf(file)?.toString() !== text);

if (values.check) {
  for (const [file] of changed) console.error(`${file} is not what the code says: npm run docs`);
  if (changed.length > 0) process.exit(1);
  console.log(`docs: ${Object.keys(PAGES).length} pages, as the code says`);
} else {
  for (const [file, text] of changed) {
    writeChanged(file, Buffer.from(text));
    console.log(`wrote ${file}`);
  }
}
