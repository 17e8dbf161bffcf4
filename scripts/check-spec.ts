/** `npm run spec`: fails where rules, test titles and pages do not fit together, and says where. */
import { globSync, readFileSync } from "node:fs";
import { countOf, faultsOf } from "./spec/faults.ts";
import type { SourceFile } from "./spec/rules.ts";

/** Every file of rules. */
const SPEC = ["SPEC.md", "SPEC-PAGE.md"];

const spec = SPEC.map(read);
const faults = faultsOf({
  spec,
  tests: globSync("test/**/*.test.ts").map(read),
  docs: globSync("docs/**/*.md").map(read),
});
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exit(1);
console.log(`${SPEC.join(", ")}: ${countOf(spec)} rules, each cited by a test`);

function read(name: string): SourceFile {
  return { name, text: readFileSync(name, "utf8") };
}
