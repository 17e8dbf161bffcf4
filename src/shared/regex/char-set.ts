/**
 * A set of characters, as ranges of their numbers. Where it is not known exactly, it holds too many rather than too
 * few.
 */
export type CharSet = readonly (readonly [first: number, last: number])[];

const LAST = 0x10ffff;

export const NOTHING: CharSet = [];
export const ANYTHING: CharSet = [[0, LAST]];
export const DIGITS: CharSet = [[0x30, 0x39]];
export const WORD: CharSet = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
export const LINE_ENDS: CharSet = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];
export const SPACES: CharSet = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

export function charSetOf(character: number): CharSet {
  return [[character, character]];
}

export function complement(set: CharSet): CharSet {
  const gaps: [number, number][] = [];
  let next = 0;
  for (const [first, last] of [...set].sort(([one], [other]) => one - other)) {
    if (first > next) gaps.push([next, first - 1]);
    next = Math.max(next, last + 1);
  }
  if (next <= LAST) gaps.push([next, LAST]);
  return gaps;
}

export function overlap(one: CharSet, other: CharSet): boolean {
  return one.some(([first, last]) => other.some(([from, to]) => first <= to && from <= last));
}
