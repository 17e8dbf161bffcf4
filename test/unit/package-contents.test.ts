import { expect, test } from "vitest";
import { filesThatDoNotBelong } from "../../scripts/package/contents.ts";

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
