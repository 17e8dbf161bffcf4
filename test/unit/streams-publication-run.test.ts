import { expect, test } from "vitest";
import { countFittingInOrder } from "../../src/streams/publication-run.ts";

/** Publications 11 to 13 of ten characters each. */
const RUN = { first: 11, publications: ["a".repeat(10), "b".repeat(10), "c".repeat(10)] };

const push = (after: number) => ({ after, push: "x".repeat(10) });

test.each([
  { what: "all", waiting: [push(10), push(12)], length: 50, publications: 3, pushes: 2, isAll: true },
  {
    what: "what comes first",
    waiting: [push(10), push(12)],
    length: 35,
    publications: 2,
    pushes: 1,
    isAll: false,
  },
  {
    what: "nothing that was published after a push that does not fit",
    waiting: [push(10), push(10)],
    length: 15,
    publications: 0,
    pushes: 1,
    isAll: false,
  },
  { what: "one that is longer", waiting: [push(10)], length: 5, publications: 0, pushes: 1, isAll: false },
  {
    what: "no push that follows what is not there",
    waiting: [push(14)],
    length: 50,
    publications: 3,
    pushes: 0,
    isAll: true,
  },
])("DELIV-36: of publications and pushes fits $what", ({ waiting, length, ...fitting }) => {
  const { what, ...expected } = fitting;
  expect(countFittingInOrder(RUN, waiting, length), what).toEqual(expected);
});
