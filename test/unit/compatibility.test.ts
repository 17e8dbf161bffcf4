import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { AS_SHIPPED } from "../support/as-shipped.ts";

const NO_COMPRESSION = "no_web_socket_compression";
/** The gateway, alone or among others, in tests and benchmarks. */
const OURS = [
  ...globSync("test/**/wrangler.toml"),
  "bench/peers/workers/channels.toml",
  "bench/peers/workers/cost.toml",
];

function compatibilityOf(toml: string) {
  const [, date] = /^compatibility_date = "(.+)"$/m.exec(toml) ?? [];
  const [, list = ""] = /^compatibility_flags = \[([^\]]*)\]/m.exec(toml) ?? [];
  return { date, flags: [...list.matchAll(/"(\w+)"/g)].map(([, flag = ""]) => flag).sort() };
}

// Its operator may turn compression on, by a "#" before the flag, but not by losing the flag unseen.
test("WIRE-63: wrangler.toml names the flag against compression, and has all others that the tests run with", () => {
  const toml = readFileSync("wrangler.toml", "utf8");
  const inForce = compatibilityOf(toml.replaceAll(/#.*$/gm, "")).flags;
  expect(compatibilityOf(toml).flags).toContain(NO_COMPRESSION);
  expect([...new Set([...inForce, NO_COMPRESSION])].sort()).toEqual(
    compatibilityOf(readFileSync(AS_SHIPPED, "utf8")).flags,
  );
});

test.each(OURS)("WIRE-63: %s runs the gateway as it ships", (file) => {
  const { date, flags } = compatibilityOf(readFileSync(AS_SHIPPED, "utf8"));
  const isCompressing = file.includes("compressing");
  const expected = isCompressing ? flags.filter((flag) => flag !== NO_COMPRESSION) : flags;
  expect(compatibilityOf(readFileSync(file, "utf8"))).toEqual({ date, flags: expected });
});
