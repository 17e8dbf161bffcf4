import fc from "fast-check";
import { expect, test } from "vitest";
import { Topics } from "../../src/rooms/topics.ts";

test("TOPIC-03: topics have the members that were added and not removed", () => {
  const step = fc.record({
    add: fc.boolean(),
    topic: fc.constantFrom("a", "b", "__proto__", "constructor"),
    member: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const topics = new Topics<number>();
      const expected = new Set<string>();
      for (const { add, topic, member } of steps) {
        if (add) topics.add(topic, member);
        else topics.remove(topic, member);
        expected[add ? "add" : "delete"](`${topic}/${member}`);
      }
      for (const topic of ["a", "b", "__proto__", "constructor", "never"]) {
        const members = [...topics.members(topic)].map((member) => `${topic}/${member}`);
        expect(new Set(members)).toEqual(
          new Set([...expected].filter((entry) => entry.startsWith(`${topic}/`))),
        );
      }
    }),
  );
});
