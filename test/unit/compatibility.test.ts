import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const NO_COMPRESSION = "no_web_socket_compression";
/** The gateway, alone or among others, in tests and benchmarks. */
const OURS = [
  ...globSync("test/**/wrangler.toml"),
  "bench/peers/workers/channels.toml",
  "bench/peers/workers/cost.toml",
];

function compatibilityOf(file: string) {
  const toml = readFileSync(file, "utf8");
  const [, date] = /^compatibility_date = "(.+)"$/m.exec(toml) ?? [];
  const [, flags = "[]"] = /^compatibility_flags = (\[.*\])$/m.exec(toml) ?? [];
  return { date, flags: JSON.parse(flags) as string[] };
}

test("WIRE-63: the gateway is deployed without compression", () => {
  expect(compatibilityOf("wrangler.toml").flags).toContain(NO_COMPRESSION);
});

test.each(OURS)("WIRE-63: %s runs the gateway as it is deployed", (file) => {
  const { date, flags } = compatibilityOf("wrangler.toml");
  const isCompressing = file.includes("compressing");
  const expected = isCompressing ? flags.filter((flag) => flag !== NO_COMPRESSION) : flags;
  expect(compatibilityOf(file)).toEqual({ date, flags: expected });
});
