import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** What ends connections and subscriptions by itself, without a command that could be answered. */
const UNASKED = ["src/operations/membership.ts", "src/operations/renewals.ts"];

const WRITES = /session\.(push|reply|fail|disconnect)\(|protocol\/json\/encode/;

test("operations return outcomes: they write nothing to a session, and know no encoding", () => {
  const writing = globSync("src/operations/*.ts").filter((path) => WRITES.test(readFileSync(path, "utf8")));
  expect(writing.filter((path) => !UNASKED.includes(path))).toEqual([]);
});
