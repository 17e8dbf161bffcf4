/**
 * Fails for a rule of SPEC.md that no test title cites, and for a cited rule that SPEC.md does not have. A title cites
 * its rules at its start: `"ROOM-04 ROOM-05: what is promised"`.
 */
import { globSync, readFileSync } from "node:fs";

const RULE_HEADING = /^\s*[-*]\s+\*\*([A-Z]+-\d+)\*\*/gm;
/** The start of a title, up to its colon; also of one that `test.each` or a template makes. */
const CITATIONS = /["'`]((?:[A-Z]+-\d+[\s,]+)*[A-Z]+-\d+):/g;
const CITATION = /[A-Z]+-\d+/g;

const rules = [...readFileSync("SPEC.md", "utf8").matchAll(RULE_HEADING)].map((match) => match[1] ?? "");
const repeated = rules.filter((rule, index) => rules.indexOf(rule) !== index);
const prefixes = new Set(rules.map((rule) => rule.split("-")[0]));

const cited = new Set<string>();
for (const file of globSync("test/**/*.test.ts")) {
  for (const [, citations = ""] of readFileSync(file, "utf8").matchAll(CITATIONS)) {
    for (const [citation] of citations.matchAll(CITATION)) {
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
