import fc from "fast-check";
import { expect, test } from "vitest";
import { Topics } from "../../src/rooms/topics.ts";

test("TOPIC-03: topics have the subscribers that were added and not removed", () => {
  const step = fc.record({
    add: fc.boolean(),
    topic: fc.constantFrom("a", "b", "__proto__", "constructor"),
    subscriber: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const topics = new Topics<number>();
      const expected = new Set<string>();
      for (const { add, topic, subscriber } of steps) {
        if (add) topics.add(topic, subscriber);
        else topics.remove(topic, subscriber);
        expected[add ? "add" : "delete"](`${topic}/${subscriber}`);
      }
      for (const topic of ["a", "b", "__proto__", "constructor", "never"]) {
        const subscribers = [...topics.subscribers(topic)].map((subscriber) => `${topic}/${subscriber}`);
        expect(new Set(subscribers)).toEqual(
          new Set([...expected].filter((entry) => entry.startsWith(`${topic}/`))),
        );
      }
    }),
  );
});
