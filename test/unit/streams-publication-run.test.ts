import { expect, test } from "vitest";
import { countFittingInOrder } from "../../src/streams/publication-run.ts";

/** Publications 11 to 13 of ten characters each. */
const RUN = { first: 11, publications: ["a".repeat(10), "b".repeat(10), "c".repeat(10)] };

/** Sixty characters in a call: its names count too. */
const unnumbered = (after: number) => ({ after, publication: "x".repeat(10) });

test.each([
  {
    what: "all",
    waiting: [unnumbered(10), unnumbered(12)],
    length: 150,
    publications: 3,
    unnumbered: 2,
    isAll: true,
  },
  {
    what: "what comes first",
    waiting: [unnumbered(10), unnumbered(12)],
    length: 85,
    publications: 2,
    unnumbered: 1,
    isAll: false,
  },
  {
    what: "nothing that was published after one without an offset that does not fit",
    waiting: [unnumbered(10), unnumbered(10)],
    length: 65,
    publications: 0,
    unnumbered: 1,
    isAll: false,
  },
  {
    what: "one that is longer",
    waiting: [unnumbered(10)],
    length: 5,
    publications: 0,
    unnumbered: 1,
    isAll: false,
  },
  {
    what: "nothing that follows what is not there",
    waiting: [unnumbered(14)],
    length: 50,
    publications: 3,
    unnumbered: 0,
    isAll: true,
  },
])("DELIV-36: of publications with and without an offset fits $what", ({ waiting, length, ...fitting }) => {
  const { what, ...expected } = fitting;
  expect(countFittingInOrder(RUN, waiting, length), what).toEqual(expected);
});
