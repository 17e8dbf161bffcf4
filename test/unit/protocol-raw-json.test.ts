import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTooDeep, rawMember } from "../../src/protocol/json/raw-json.ts";
import { JSON_LIMITS } from "../../src/shared/limits.ts";

/** The same by recursion. */
function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

test.each([
  ["lists", "[", "]"],
  ["objects", '{"a":', "}"],
])("PROTO-21: %s of 100 levels are not too deep, those of 101 are", (_, open, close) => {
  const { depth } = JSON_LIMITS;
  const value = (count: number) => `${open.repeat(count)}1${close.repeat(count)}`;
  expect(depth).toBe(100);
  expect(isTooDeep(value(depth))).toBe(false);
  expect(isTooDeep(value(depth + 1))).toBe(true);
  expect(isTooDeep(value(60_000))).toBe(true);
});

test("PROTO-21: brackets in texts are no levels, whatever is escaped before them", () => {
  expect(isTooDeep(JSON.stringify(["[".repeat(1_000)]))).toBe(false);
  expect(isTooDeep(JSON.stringify([`\\"${"{".repeat(1_000)}\\`]))).toBe(false);
  expect(isTooDeep(`["\\\\",${nested(100)}]`)).toBe(true);
  expect(isTooDeep(`"${"[".repeat(1_000)}`)).toBe(false);
});

test("PROTO-21: many short lists beside each other are not deep", () => {
  expect(isTooDeep(JSON.stringify(Array(1_000).fill([{}])))).toBe(false);
});

test("PROTO-21: the depth is that of the value", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), fc.integer({ min: 0, max: 8 }), (value, limit) => {
      expect(isTooDeep(JSON.stringify(value), limit)).toBe(depthOf(value) > limit);
    }),
  );
});

describe("members as they were written", () => {
  test.each([
    ['{"a":1.0}', "1.0"],
    ['{ "b" : {"a":2} , "a" : [1e5, "]},"] }', '[1e5, "]},"]'],
    ['{"a":1,"a":{"a":2}}', '{"a":2}'],
    ['{"\\u0061":-0,"b":3}', "-0"],
    ['{"\\\\":1,"a":"\\"\\\\"}', '"\\"\\\\"'],
    ['{"a":12345678901234567890}', "12345678901234567890"],
    ['{"b":{"a":1}}', undefined],
    ["{}", undefined],
  ])("PROTO-08: of %s", (json, expected) => {
    expect(rawMember(json, "a")).toBe(expected);
  });

  test("PROTO-08: every member of every object, in whatever space", () => {
    const space = fc.constantFrom("", " ", "\t", "\n  ");
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), space, (object, indent) => {
        const json = JSON.stringify(object, undefined, indent);
        for (const [name, value] of Object.entries(object))
          expect(JSON.parse(rawMember(json, name) ?? "")).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
