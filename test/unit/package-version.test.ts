import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import create from "../../create-poorwill/package.json" with { type: "json" };
import manifest from "../../package.json" with { type: "json" };
import { VERSION } from "../../src/shared/version.ts";

test("PKG-15: the package, the connect reply, the changelog and create-poorwill have one version", () => {
  const { version } = manifest;
  expect(VERSION).toBe(`${version} Poorwill`);
  expect(create.version).toBe(version);
  const [newest] = [...readFileSync("CHANGELOG.md", "utf8").matchAll(/^## \[(\d[^\]]*)\]/gm)];
  expect(newest?.[1]).toBe(version);
});
