import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SPEAKERS } from "../sdks/sdks.ts";

const PROGRAMS = "test/sdks/programs";
const TRANSPORTS = { websocket: "WebSocket", http_stream: "`http_stream`", sse: "`sse`" } as const;

/** Where the version of each SDK is pinned. */
const PINS: Readonly<Record<string, readonly [file: string, version: RegExp]>> = {
  "centrifuge-js": ["package.json", /"centrifuge": "([\d.]+)"/],
  "centrifuge-go": [`${PROGRAMS}/go/go.mod`, /centrifuge-go v([\d.]+)/],
  "centrifuge-python": [`${PROGRAMS}/python/requirements.txt`, /^centrifuge-python==([\d.]+)$/m],
  "centrifuge-java": [`${PROGRAMS}/java/pom.xml`, /centrifuge-java<\/artifactId>\s*<version>([\d.]+)/],
  "cent.js": ["node_modules/cent.js/package.json", /"version": "([\d.]+)"/],
  pycent: [`${PROGRAMS}/python/requirements.txt`, /^cent==([\d.]+)$/m],
  gocent: [`${PROGRAMS}/go/go.mod`, /gocent\/v3 v([\d.]+)/],
  "openapi-fetch": [`${PROGRAMS}/openapi/package.json`, /"openapi-fetch": "([\d.]+)"/],
};

const rows = readFileSync("docs/sdks.md", "utf8").split("\n");

test.each(Object.entries(PINS))(
  "SDK-19: docs/sdks.md has the version of %s that is tested",
  (sdk, [file, pin]) => {
    const [, version] = pin.exec(readFileSync(file, "utf8")) ?? [];
    expect(rowOf(sdk).split(" | ")[1]).toBe(version);
  },
);

test("SDK-19: the README has the same versions, codecs and transports", () => {
  const readme = readFileSync("README.md", "utf8");
  for (const { name } of new Set(SPEAKERS.map(({ sdk }) => sdk))) {
    const [, ...columns] = rowOf(name).split(" | ");
    expect(readme).toContain(` | ${columns.join(" | ")}`);
  }
});

test("SDK-19: docs/sdks.md has the codecs and transports that each SDK is tested with", () => {
  for (const { name, protocols } of new Set(SPEAKERS.map(({ sdk }) => sdk))) {
    const over = (codec: string) =>
      protocols.filter((each) => each.codec === codec).map(({ transport }) => TRANSPORTS[transport]);
    const [, , ...columns] = rowOf(name).slice(0, -2).split(" | ");
    expect(columns).toEqual([over("json"), over("protobuf")].map((list) => list.join(", ") || "—"));
  }
});

function rowOf(sdk: string): string {
  return rows.find((row) => row.startsWith("|") && row.includes(`/${sdk})`)) ?? "";
}
