import { readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { DEFAULT_OPTIONS } from "../../src/channels/option-schema.ts";
import type { Config } from "../../src/config/config.ts";
import { DEFAULT_CONNECTION } from "../../src/config/connection.ts";
import { tokenSchema } from "../../src/config/tokens.ts";
import { DISCONNECTS, ERRORS, UNSUBSCRIBES } from "../../src/shared/codes.ts";

/** Complete: one that is missing, or is none, does not compile. */
const PARTS: Readonly<Record<keyof Config, true>> = {
  namespaces: true,
  withoutNamespace: true,
  connection: true,
  tokens: true,
  subscriptionTokens: true,
  hooks: true,
  proxy: true,
  events: true,
  operations: true,
  rooms: true,
  development: true,
};

const guide = await readFile("docs/channels.md", "utf8");
const hub = (await sourceOf("src")) + (await sourceOf("durable-objects"));

describe("the guide to channels", () => {
  test.each([
    ["a configuration", Object.keys(PARTS)],
    ["namespaces", Object.keys(DEFAULT_OPTIONS)],
    ["connections", Object.keys(DEFAULT_CONNECTION)],
    ["tokens", Object.keys(tokenSchema.entries)],
  ])("GUIDE-02: it names every option of %s", (_, options) => {
    const tables = guide.match(/^\|.*\|$/gm)?.join("\n") ?? "";
    for (const option of options) expect(tables).toContain(`\`${option}\``);
  });

  test("GUIDE-02: it tells the defaults", () => {
    for (const [option, value] of Object.entries({ ...DEFAULT_OPTIONS, ...DEFAULT_CONNECTION })) {
      if (typeof value !== "number" || value === 0) continue;
      expect(guide).toMatch(new RegExp(`^\\| \`${option}\` \\| ${value.toLocaleString("en")} \\|`, "m"));
    }
  });

  test("GUIDE-02: it names every close, unsubscribe and error that the gateway sends, and whether to come back", () => {
    const closes = Object.entries(DISCONNECTS).filter(([name]) => hub.includes(`DISCONNECTS.${name}`));
    expect(closes.length).toBeGreaterThan(10);
    for (const [, { code, reason, reconnect }] of closes) {
      const row = new RegExp(`^\\| ${code} \\| \`${reason}\` \\|.*\\| ${reconnect ? "yes" : "no"} \\|$`, "m");
      expect(guide).toMatch(row);
    }
    for (const [name, { code, reason }] of Object.entries(UNSUBSCRIBES)) {
      if (hub.includes(`UNSUBSCRIBES.${name}`)) expect(guide).toContain(`${code} (\`${reason}\``);
    }
    for (const [name, { code, message }] of Object.entries(ERRORS)) {
      if (name !== "unauthorized") expect(guide).toContain(`| ${code} | ${message} |`);
    }
  });
});

describe("the page on the protocol", () => {
  test("GUIDE-03: every rule that it cites is in the title of a test", async () => {
    const page = await readFile("docs/protocol.md", "utf8");
    const tests = await sourceOf("test");
    const rules = new Set(page.match(/\b[A-Z]+-\d{2}\b/g));
    expect(rules.size).toBeGreaterThan(20);
    for (const rule of rules) expect(tests, rule).toMatch(new RegExp(`["\`][^"\`]*\\b${rule}\\b`));
  });
});

async function sourceOf(directory: string): Promise<string> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  const sources = files.filter(({ name }) => name.endsWith(".ts"));
  const texts = sources.map(({ parentPath, name }) => readFile(`${parentPath}/${name}`, "utf8"));
  return (await Promise.all(texts)).join("\n");
}
