/** Checks the shape of the house: imports run one way, no two files need each other's values, no file is too long. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { importsOf } from "./imports/parse.ts";
import { findCycles, findLongFiles, findWrongArrows, type SourceFile } from "./imports/rules.ts";

const files: SourceFile[] = globSync("{src,durable-objects,cli}/**/*.ts").map((path) => {
  const text = readFileSync(path, "utf8");
  const imports = importsOf(text)
    .filter(({ from }) => from.startsWith("."))
    .map(({ from, isType }) => ({ path: posix.normalize(join(dirname(path), from)), isType }));
  return { path, lines: text.split("\n").length - 1, imports };
});

const problems = [...findWrongArrows(files), ...findCycles(files), ...findLongFiles(files)];
for (const problem of problems) console.error(problem);
console.log(
  `${files.length} files: ${problems.length === 0 ? "imports run one way" : `${problems.length} problems`}`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
