import { describe, expect, test } from "vitest";
import { SmallMap } from "../../src/shared/small-map.ts";

const KEYS = [{}, {}, {}] as const;

/** Everything that can be asked of a map about these keys. */
function seen(map: Pick<Map<object, number>, "size" | "get" | "has"> & Iterable<readonly [object, number]>) {
  return { size: map.size, all: [...map], each: KEYS.map((key) => [map.has(key), map.get(key)]) };
}

describe("HUB-60: a map of one entry is like any other map", () => {
  /** Every sequence of so many steps, each of which sets or deletes one of the keys. */
  function* sequences(length: number): Generator<number[]> {
    if (length === 0) yield [];
    else
      for (const before of sequences(length - 1))
        for (let step = 0; step < 6; step += 1) yield [...before, step];
  }

  test("whatever is set and deleted", () => {
    for (const steps of sequences(4)) {
      const [small, map] = [new SmallMap<object, number>(), new Map<object, number>()];
      for (const [time, step] of steps.entries()) {
        const key = KEYS[step % 3] ?? {};
        if (step < 3) {
          small.set(key, time);
          map.set(key, time);
        } else if (small.delete(key) !== map.delete(key)) throw new Error(`delete differs: ${steps}`);
      }
      expect(seen(small), String(steps)).toEqual(seen(map));
      expect([...small.keys()]).toEqual([...map.keys()]);
    }
  });
});
