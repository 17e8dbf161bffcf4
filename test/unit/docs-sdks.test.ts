import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SPEAKERS } from "../sdks/sdks.ts";

const PROGRAMS = "test/sdks/programs";
const WORDS = {
  json: "JSON",
  protobuf: "Protobuf",
  websocket: "WebSocket",
  http_stream: "`http_stream`",
  sse: "`sse`",
} as const;

/** Where the version of each SDK is pinned. */
const PINS: Readonly<Record<string, readonly [file: string, version: RegExp]>> = {
  "centrifuge-js": ["package.json", /"centrifuge": "([\d.]+)"/],
  "centrifuge-go": [`${PROGRAMS}/go/go.mod`, /centrifuge-go v([\d.]+)/],
  "centrifuge-python": [`${PROGRAMS}/python/requirements.txt`, /^centrifuge-python==([\d.]+)$/m],
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

test("SDK-19: docs/sdks.md has the codecs and transports that each SDK is tested with", () => {
  for (const sdk of new Set(SPEAKERS.map((speaker) => speaker.sdk))) {
    const [, , codecs = "", transports = ""] = rowOf(sdk.name).split(" | ");
    const spoken = sdk.protocols;
    expect(codecs).toBe(listOf(spoken.map(({ codec }) => WORDS[codec])));
    expect(transports.replace(" |", "")).toBe(listOf(spoken.map(({ transport }) => WORDS[transport])));
  }
});

function rowOf(sdk: string): string {
  return rows.find((row) => row.startsWith("|") && row.includes(`/${sdk})`)) ?? "";
}

function listOf(words: readonly string[]): string {
  return [...new Set(words)].join(", ");
}
