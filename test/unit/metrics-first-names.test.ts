import fc from "fast-check";
import { expect, test } from "vitest";
import { FirstNames } from "../../src/metrics/first-names.ts";
import { matchesGlob } from "../../src/shared/glob.ts";

test.each([
  ["chat:*", "chat:42", true],
  ["chat:*", "chat:", true],
  ["chat:*", "chatter:1", false],
  ["*", "anything/at all", true],
  ["*:4?", "chat:42", true],
  ["*:4?", "chat:4", false],
  ["a*b*c", "a-b-b-c", true],
  ["a*b*c", "a-b-c-d", false],
  ["\\*", "*", true],
  ["\\*", "x", false],
  ["?", "😀", true],
  ["chat", "chat", true],
  ["", "chat", false],
])("OPS-06: the pattern %j on %j: %s", (pattern, name, matches) => {
  expect(matchesGlob(name, pattern)).toBe(matches);
});

test("OPS-06: a pattern of nothing but stars takes a few times as long where it and the name are twice as long", () => {
  const fastest = (length: number) => {
    const [name, pattern] = ["a".repeat(2 * length), `${"*a".repeat(length)}b`];
    const times = Array.from({ length: 20 }, () => {
      const start = performance.now();
      expect(matchesGlob(name, pattern)).toBe(false);
      return performance.now() - start;
    });
    return Math.min(...times);
  };
  fastest(60);
  expect(fastest(120)).toBeLessThan(20 * fastest(60));
});

test("OPS-06: however names come, the page has the first ones, each with its sum", () => {
  const names = fc.array(fc.tuple(fc.string({ maxLength: 2 }), fc.integer({ min: 1, max: 5 })), {
    maxLength: 100,
  });
  fc.assert(
    fc.property(names, fc.integer({ min: 1, max: 5 }), fc.string({ maxLength: 1 }), (added, limit, after) => {
      const first = new FirstNames(after, limit);
      const sums = new Map<string, number>();
      for (const [name, count] of added) {
        first.add(name, count);
        if (name > after) sums.set(name, (sums.get(name) ?? 0) + count);
      }
      const expected = [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).slice(0, limit);
      expect(first.page()).toEqual(expected);
    }),
  );
});
