import { type CharSet, overlap } from "./char-set.ts";
import type { Regex } from "./parse.ts";
import { RefusedRegex } from "./source.ts";

/** One place of an expression that takes a character, and what may be taken after it, once for each way there. */
interface Position {
  readonly set: CharSet;
  readonly following: Position[];
}

/** A part of an expression as an automaton (Glushkov's): where it begins and ends, once for each way there. */
interface Part {
  readonly first: readonly Position[];
  readonly last: readonly Position[];
  /** Ways to match nothing; 2 stands for more. */
  readonly emptyWays: number;
}

/** An endless repetition in which every text can be read in one way at most. */
export interface Loop {
  /** Places that take a character. */
  readonly size: number;
  /** What begins it, or goes on with it after a whole turn. */
  readonly continuing: CharSet;
}

/** Places of one loop at most: bounded repetitions within it are written out. */
const LARGEST = 2_000;

/**
 * Checks an endless repetition. Where no character can be taken in two ways, there is one way through any text, and
 * matching takes time in proportion to its length.
 *
 * @throws RefusedRegex where there may be two ways, which double with every turn.
 */
export function loopOf(body: Regex): Loop {
  const positions: Position[] = [];
  const part = repeated(partOf(body, positions));
  const choices = [part.first, ...positions.map(({ following }) => following)];
  if (choices.some(isAmbiguous)) throw new RefusedRegex("repeats what can match one text in two ways");
  const continuing = [part.first, ...part.last.map(({ following }) => following)].flat();
  return { size: positions.length, continuing: continuing.flatMap(({ set }) => set) };
}

function isAmbiguous(positions: readonly Position[]): boolean {
  return positions.some(({ set }, index) =>
    positions.slice(index + 1).some((other) => overlap(set, other.set)),
  );
}

const EMPTY: Part = { first: [], last: [], emptyWays: 1 };

function partOf(regex: Regex, positions: Position[]): Part {
  switch (regex.kind) {
    case "characters":
      return single(regex.set, positions);
    case "sequence":
      return regex.items.reduce((before, item) => sequence(before, partOf(item, positions)), EMPTY);
    case "choice":
      return choice(regex.options.map((option) => partOf(option, positions)));
    case "repeat":
      return repeat(regex, positions);
    default:
      return EMPTY;
  }
}

function single(set: CharSet, positions: Position[]): Part {
  const position = { set, following: [] };
  if (positions.push(position) > LARGEST) throw new RefusedRegex("repeats too much within a repetition");
  return { first: [position], last: [position], emptyWays: 0 };
}

function sequence(before: Part, after: Part): Part {
  link(before, after);
  return {
    first: [...before.first, ...times(before.emptyWays, after.first)],
    last: [...after.last, ...times(after.emptyWays, before.last)],
    emptyWays: Math.min(2, before.emptyWays * after.emptyWays),
  };
}

function choice(parts: readonly Part[]): Part {
  return {
    first: parts.flatMap(({ first }) => first),
    last: parts.flatMap(({ last }) => last),
    emptyWays: Math.min(
      2,
      parts.reduce((sum, { emptyWays }) => sum + emptyWays, 0),
    ),
  };
}

function repeat({ body, min, max }: Extract<Regex, { kind: "repeat" }>, positions: Position[]): Part {
  const isEndless = max > LARGEST;
  let tail = isEndless ? optional(repeated(partOf(body, positions))) : EMPTY;
  for (let count = isEndless ? 0 : max - min; count > 0; count -= 1) {
    tail = optional(sequence(partOf(body, positions), tail));
  }
  let whole = tail;
  for (let count = min; count > 0; count -= 1) whole = sequence(partOf(body, positions), whole);
  return whole;
}

/** The matcher never takes a turn that takes no character, so there is one way to match nothing. */
function optional(part: Part): Part {
  return { ...part, emptyWays: 1 };
}

function repeated(part: Part): Part {
  link(part, part);
  return part;
}

function link({ last }: Part, { first }: Part): void {
  for (const position of last) position.following.push(...first);
}

function times(count: number, positions: readonly Position[]): Position[] {
  return Array<readonly Position[]>(count).fill(positions).flat();
}
