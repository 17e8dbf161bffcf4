import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

/** What imports the operator's files for the tests, and puts what ships in their place. */
const OWN = "test/gateway/own.ts";
const OPERATORS = ["src/config.ts", "src/rooms/index.ts"];
/** What uses them. Nothing of the gateway itself may. */
const WORKER = "src/worker.ts";

/** The files that a file imports, in this order. Types are gone when it runs. */
function importsOf(file: string): string[] {
  const imports = readFileSync(file, "utf8").matchAll(/^(?:import|export) (?!type )[^;]*?"(\.[^"]+)";$/gm);
  return [...imports].map(([, path = ""]) => relative(".", join(dirname(file), path)));
}

const tests = [...globSync("{test,bench}/**/*.ts"), "vitest.config.ts"].filter((file) => file !== OWN);

test.each(OPERATORS)("README-12: no test depends on %s", (operators) => {
  expect(importsOf(OWN)).toContain(operators);
  expect(tests.filter((file) => importsOf(file).includes(operators))).toEqual([]);
});

const workers = globSync("{test,bench}/**/*.toml").map((toml) => {
  const [, main = ""] = /^main = "(.+)"$/m.exec(readFileSync(toml, "utf8")) ?? [];
  return join(dirname(toml), main);
});

test.each([...workers, "test/objects/worker.ts"])(
  "README-12: %s runs nothing of its operator's",
  (worker) => {
    const imported = importsOf(worker);
    if (imported.includes(WORKER)) expect(imported).toContain(OWN);
    expect(imported.filter((file) => OPERATORS.includes(file))).toEqual([]);
  },
);
