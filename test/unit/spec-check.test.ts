import { describe, expect, test } from "vitest";
import { countOf, faultsOf, type Sources } from "../../scripts/spec/faults.ts";
import { rulesOf } from "../../scripts/spec/rules.ts";

const RULES = `# Rules

## First

- **ONE-01** A rule that
  takes two lines.
- **ONE-02** Another one.
- **TWO-01** One of another kind, between them.
- **ONE-10** A later one.

## Second

- **ONE-05** A section begins anew.

## Merged rules

- **ONE-03**: merged into ONE-01.
- **ONE-04**: merged into ONE-02 and TWO-01.
`;

const TESTS = `
test("ONE-01: a", a);
test.each([1])('ONE-02 TWO-01: %s', b);
scenario(\`ONE-10, ONE-05: c\`, c);
test("UTF-8: no rule", d);
`;

/** The faults of a SPEC.md, the titles of tests and a page. */
function faults(spec: string, tests = TESTS, page = ""): string[] {
  const sources: Sources = {
    spec: [{ name: "SPEC.md", text: spec }],
    tests: [{ name: "a.test.ts", text: tests }],
    docs: [{ name: "page.md", text: page }],
  };
  return faultsOf(sources);
}

const titled = (title: string) => `${TESTS}test("${title}: more", e);`;

describe("the check of the rules", () => {
  test("reads the rules of a file by section, with what a merged one is merged into", () => {
    const rules = rulesOf({ name: "SPEC.md", text: RULES });
    expect(rules.map(({ id, section, mergedInto }) => [id, section, mergedInto])).toEqual([
      ["ONE-01", "First", []],
      ["ONE-02", "First", []],
      ["TWO-01", "First", []],
      ["ONE-10", "First", []],
      ["ONE-05", "Second", []],
      ["ONE-03", "Merged rules", ["ONE-01"]],
      ["ONE-04", "Merged rules", ["ONE-02", "TWO-01"]],
    ]);
    expect(countOf([{ name: "SPEC.md", text: RULES }])).toBe(5);
  });

  test("finds nothing where all is well", () => {
    expect(faults(RULES, TESTS, "UTF-8, ONE-01 to ONE-02")).toEqual([]);
  });

  test.each([
    ["a file without rules", faults("# Nothing", ""), ["SPEC.md has no rules"]],
    [
      "a number that is given twice",
      faults(RULES.replace("ONE-02** A", "ONE-01** A"), TESTS.replace("ONE-02 ", "")),
      ["ONE-01 of SPEC.md is numbered twice", "ONE-04 is merged into ONE-02, which is no rule"],
    ],
    [
      "a rule behind a later one of its section",
      faults(RULES.replace("ONE-02** A", "ONE-11** A"), TESTS.replace("ONE-02", "ONE-11")),
      ["ONE-10 of SPEC.md stands behind ONE-11", "ONE-04 is merged into ONE-02, which is no rule"],
    ],
    [
      "a merge into a merged rule",
      faults(RULES.replace("into ONE-01", "into ONE-04")),
      ["ONE-03 is merged into ONE-04, which is merged itself"],
    ],
    [
      "a merge into a rule that is not there",
      faults(RULES.replace("into ONE-01", "into ONE-99")),
      ["ONE-03 is merged into ONE-99, which is no rule"],
    ],
    [
      "a rule without a title",
      faults(RULES, TESTS.replace("ONE-10, ", "")),
      ["ONE-10 of SPEC.md: no test title cites it"],
    ],
    [
      "a title that cites what is no rule",
      faults(RULES, titled("ONE-01 ONE-99")),
      ["a.test.ts: a title cites ONE-99, which is no rule"],
    ],
    [
      "a title that cites merged rules alone",
      faults(RULES, titled("ONE-04")),
      ["a.test.ts: a title cites ONE-04 alone: ONE-02, TWO-01"],
    ],
    ["no title that cites a survivor as well", faults(RULES, titled("ONE-03 ONE-01")), []],
    [
      "a page that names a merged rule",
      faults(RULES, TESTS, "as ONE-03 says"),
      ["page.md names ONE-03, which is merged: ONE-01"],
    ],
    [
      "a page that names what is no rule",
      faults(RULES, TESTS, "as ONE-99 says"),
      ["page.md names ONE-99, which is no rule"],
    ],
  ])("finds %s", (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  test("finds a number that two files give", () => {
    const spec = ["SPEC.md", "SPEC-PAGE.md"].map((name) => ({ name, text: RULES }));
    const found = faultsOf({ spec, tests: [{ name: "a.test.ts", text: TESTS }], docs: [] });
    expect(found).toContain("ONE-01 of SPEC-PAGE.md is numbered twice");
  });
});
