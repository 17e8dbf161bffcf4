import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { filesThatDoNotBelong } from "../../scripts/package/contents.ts";
import { isStale, withSize } from "../../scripts/package/size-in-guide.ts";

test("PKG-17: the package has what was built and nothing else: no test, no source of the page", () => {
  const built = [
    "package.json",
    "README.md",
    "dist/index.js",
    "dist/shared/accept.d.ts",
    "dist/bin/poorwill.js",
  ];
  const page = ["dist/console/_headers", "dist/console/index.html", "dist/console/app.js"];
  expect(filesThatDoNotBelong([...built, ...page])).toEqual([]);
  const strangers = [
    "src/client/main.ts",
    "test/unit/a.test.ts",
    ".dev.vars",
    "dist/console/app.js.map",
    "dist/a.tgz",
  ];
  expect(filesThatDoNotBelong([...built, ...strangers])).toEqual(strangers);
});

test("PKG-20: the listing of what is public has every entry and names nothing internal", () => {
  const listing = readFileSync("docs/public-api.d.ts", "utf8");
  for (const entry of Object.keys(manifest.exports).filter((name) => !name.endsWith(".json")))
    expect(listing).toMatch(new RegExp(`^// ${entry.replace(".", "poorwill")}: .*\\w`, "m"));
  expect(listing).toMatch(/^\/\/ poorwill: .*\bcreateGateway\b/m);
  expect(listing).not.toMatch(
    /\b(?:GATEWAY|ResolvedConfig|ResolvedOptions|HubRpc|ReadEnv|Deployment)\b|\bv\./,
  );
});

test("PKG-21: the guide tells the size of a Worker, to within 2 KiB", () => {
  const guide = "about <!-- size -->97 KiB gzipped";
  expect([97.4, 95, 99.1, 94.9].map((size) => isStale(guide, size))).toEqual([false, false, true, true]);
  expect(withSize(guide, 99.6)).toBe("about <!-- size -->100 KiB gzipped");
  expect(isStale("no size", 97)).toBe(true);
  expect(withSize(readFileSync("docs/package.md", "utf8"), 12)).toContain("<!-- size -->12 KiB");
});

test("PKG-17: what the manifest exports belongs into the package", () => {
  const files = Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === "string" ? [entry] : Object.values(entry),
  );
  const paths = files.map((file) => file.replace("./", ""));
  expect(paths).toContain("dist/testing.js");
  expect(filesThatDoNotBelong(paths)).toEqual([]);
});
