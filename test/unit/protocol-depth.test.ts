import fc from "fast-check";
import { expect, test } from "vitest";
import { JSON_LIMITS } from "../../src/limits.ts";
import { isTooDeep } from "../../src/protocol/depth.ts";

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
