/** Fails for a rule of SPEC.md that no test title cites, and for a cited rule that SPEC.md does not have. */
import { globSync, readFileSync } from "node:fs";

const RULE_HEADING = /^\s*[-*]\s+\*\*([A-Z]+-\d+)\*\*/gm;
const TEST_TITLE = /\b(?:test|it|describe)(?:\.\w+)*(?:\([^"'`]*\))?\(\s*(["'`])((?:\\.|(?!\1)[\s\S])*)\1/g;
const CITATION = /\b[A-Z]{2,}-\d+\b/g;

const rules = [...readFileSync("SPEC.md", "utf8").matchAll(RULE_HEADING)].map((match) => match[1] ?? "");
const repeated = rules.filter((rule, index) => rules.indexOf(rule) !== index);
const prefixes = new Set(rules.map((rule) => rule.split("-")[0]));

const cited = new Set<string>();
for (const file of globSync("test/**/*.test.ts")) {
  for (const [, , title = ""] of readFileSync(file, "utf8").matchAll(TEST_TITLE)) {
    for (const [citation] of title.matchAll(CITATION)) {
      if (prefixes.has(citation.split("-")[0])) cited.add(citation);
    }
  }
}

const untested = rules.filter((rule) => !cited.has(rule));
const unknown = [...cited].filter((rule) => !rules.includes(rule));
for (const rule of repeated) console.error(`SPEC.md numbers ${rule} twice`);
for (const rule of untested) console.error(`${rule} of SPEC.md: no test title cites it`);
for (const rule of unknown) console.error(`${rule} is cited by a test, but SPEC.md has no such rule`);
if (rules.length === 0) console.error("SPEC.md has no rules");
if (repeated.length + untested.length + unknown.length > 0 || rules.length === 0) process.exit(1);
console.log(`SPEC.md: ${rules.length} rules, each cited by a test`);
