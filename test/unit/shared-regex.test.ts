import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRegex } from "../../src/shared/regex/parse.ts";
import { regexProblem } from "../../src/shared/regex/problem.ts";
import { RefusedRegex } from "../../src/shared/regex/source.ts";
import { stepsOf } from "../../src/shared/regex/steps.ts";
import { BacktrackingMatcher } from "../support/backtracking.ts";

test.each([
  "^[a-z0-9_-]{1,20}$",
  "^(de|fr|en)$",
  "^(dev|de|prod)$",
  "^[a-z]+-[0-9]+$",
  "^[a-z]+(?:-[a-z]+)*$",
  "^([a-z0-9]+\\.)+[a-z]{2,}$",
  "^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
  "^(?:[0-9a-f]{2}){3,8}$",
  "^[0-9]{1,3}(\\.[0-9]{1,3}){3}$",
  "^.+\\.example\\.com$",
  ".*\\.my-company\\.example\\.com",
  "^https:\\/\\/[a-z]+\\.example\\.com\\/?$",
  "^room-\\d+$",
  "^\\p{L}+$",
  "^[\\p{L}\\p{N} _-]{1,50}$",
  "^[a-zäöü-]+$",
  "^[^/]+(?:/[^/]+)*$",
  "^(?<year>\\d{4})-(?<month>\\d\\d)$",
  "^a*a*$",
  "^\\w+@\\w+$",
  "^.*$",
  "",
  "^",
  "[^]",
  "^\\u{1f600}+$",
  "^x{0,300}$",
  "^(a?){2,}$",
])("CONF-20: %s is taken", (source) => {
  expect(regexProblem(source, "u")).toBeUndefined();
});

test.each([
  ["^(a+)+$", "repeats what can match one text in two ways"],
  ["^(a*)*$", "in two ways"],
  ["^(a|a)*$", "in two ways"],
  ["^(a|ab)*$", "in two ways"],
  ["^(a?b?)*$", "in two ways"],
  ["^([a-z]+)*$", "in two ways"],
  ["^(\\w+\\s?)*$", "in two ways"],
  ["^(.|\\s)*$", "in two ways"],
  ["^(?:\\ud83d\\ude00|[\\u{1f600}-\\u{1f601}])*$", "in two ways"],
  ["^(?:\\p{L}|x)+$", "in two ways"],
  ["^(?:[^\\p{L}]|x)+$", "in two ways"],
  ["^(a{1,200}){1,200}$", "steps"],
  ["^(?:a{1,20}){1,255}$", "steps"],
  ["^(?:a{1,60}b?){300,}$", "two ways"],
  ["^(?:(?:a{1,60}b){60}c)*$", "repeats too much"],
  ["^a*a*a*$", "may take 67,571,705 steps"],
  ["^(a?){30}a{30}$", "steps"],
  ["(?:a|ab?)(?:b|bc?)".repeat(10), "steps"],
  ["^.+@.+\\..+$", "steps"],
  ["^(a)\\1$", "a backreference"],
  ["^(?<x>a)\\k<x>$", "a backreference"],
  ["^(?=a)a$", "a lookahead or lookbehind"],
  ["^(?!a)b$", "a lookahead or lookbehind"],
  ["^b(?<=b)$", "a lookahead or lookbehind"],
  ["^b(?<!a)$", "a lookahead or lookbehind"],
  ["(secret", "is not a regular expression"],
])("CONF-20: %s is refused: it %s", (source, problem) => {
  expect(regexProblem(source, "u")).toContain(problem);
});

test.each([
  ["a{,5}", "a{,5}"],
  ["a{", "a{"],
  ["\\-\\:\\_", "-:_"],
  ["[\\w-.]+", "a-."],
  ["]", "]"],
  ["\\u{3}", "uuu"],
])("CONF-20: without the flag u, %s is read as JavaScript reads it", (source, text) => {
  expect(new RegExp(`^(?:${source})$`).test(text)).toBe(true);
  expect(new BacktrackingMatcher(parseRegex(`^(?:${source})$`, false)).test(text).matches).toBe(true);
});

/** Expressions over few letters, so that parts of them overlap. */
const { regex } = fc.letrec<{ regex: string; atom: string; piece: string }>((tie) => ({
  atom: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom("a", "b", "c", "[ab]", "[^a]", ".", "\\w", "\\d", "\\b", "(?:)", "^", "$"),
    tie("regex").map((inner) => `(?:${inner})`),
  ),
  piece: fc
    .tuple(tie("atom"), fc.constantFrom("", "", "", "*", "+", "?", "*?", "{2}", "{0,3}", "{1,4}", "{2,}"))
    .map(([atom, quantifier]) => (/^(?:\^|\$|\\b)$/.test(atom) ? atom : atom + quantifier)),
  regex: fc
    .array(
      fc.array(tie("piece"), { maxLength: 4 }).map((pieces) => pieces.join("")),
      { minLength: 1, maxLength: 3 },
    )
    .map((options) => options.join("|")),
}));

/** Texts that begin well and end badly: what makes a matcher go back. */
const text = fc
  .tuple(
    fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 4 }),
    fc.string({ unit: fc.constantFrom("a", "b", "c", "0"), minLength: 1, maxLength: 3 }),
    fc.integer({ min: 0, max: 12 }),
    fc.constantFrom("", "!", "b!", "\n"),
  )
  .map(([head, pump, count, tail]) => head + pump.repeat(count) + tail);

function countSteps(source: string, length: number): number | undefined {
  try {
    return stepsOf(parseRegex(source, false), length);
  } catch (failure) {
    if (failure instanceof RefusedRegex) return undefined;
    throw failure;
  }
}

test("CONF-21: an expression is read as JavaScript reads it, and what is taken keeps to the steps that were foreseen", () => {
  let taken = 0;
  fc.assert(
    fc.property(regex, fc.array(text, { minLength: 1, maxLength: 5 }), (source, texts) => {
      for (const sample of texts) {
        const foreseen = countSteps(source, sample.length);
        if (foreseen === undefined || foreseen > 300_000) return;
        taken += 1;
        const { matches, steps } = new BacktrackingMatcher(parseRegex(source, false)).test(sample);
        expect([matches, steps <= foreseen]).toEqual([new RegExp(source).test(sample), true]);
      }
    }),
    { numRuns: 1_000 },
  );
  expect(taken).toBeGreaterThan(300);
});
