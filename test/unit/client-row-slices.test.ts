import fc from "fast-check";
import { expect, test } from "vitest";
import { nextSlice, ROWS_PER_FRAME } from "../../src/client/channels/row-slices.ts";

const rows = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => ({ id: from + index }));

test("PAGE-46: of many rows that come at once, so many are made in a frame, and the newest first", () => {
  const { gone, added, isComplete } = nextSlice([1, 2], rows(1, 300));
  expect([gone, added.length, added.at(-1)?.id, isComplete]).toEqual([0, ROWS_PER_FRAME, 299, false]);
});

test("PAGE-46: whatever comes and goes, a few frames of quiet show what is wanted, and each row once", () => {
  const steps = fc.array(fc.record({ come: fc.nat(700), frames: fc.nat(4) }), { maxLength: 30 });
  fc.assert(
    fc.property(steps, (given) => {
      const made = new Set<number>();
      let shown: number[] = [];
      let wanted = rows(1, 1);
      const draw = () => {
        const { gone, added, isComplete } = nextSlice(shown, wanted);
        expect(added.length).toBeLessThanOrEqual(ROWS_PER_FRAME);
        for (const { id } of added) expect(made.has(id)).toBe(false);
        for (const { id } of added) made.add(id);
        shown = [...shown.slice(gone), ...added.map(({ id }) => id)].sort((one, other) => one - other);
        return isComplete;
      };
      let newest = 0;
      for (const { come, frames } of given) {
        newest += come;
        wanted = rows(Math.max(1, newest - 299), newest + 1);
        for (let frame = 0; frame < frames; frame += 1) draw();
        if (frames > 0) expect(shown.at(-1)).toBe(wanted.at(-1)?.id);
      }
      for (let frame = 0; !draw(); frame += 1) expect(frame).toBeLessThan(300 / ROWS_PER_FRAME);
      expect(shown).toEqual(wanted.map(({ id }) => id));
    }),
  );
});
