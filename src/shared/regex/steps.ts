import { type CharSet, NOTHING, overlap } from "./char-set.ts";
import { loopOf } from "./loop.ts";
import type { Regex } from "./parse.ts";

/** What a part of an expression costs at most, whatever the text, when it is begun once. */
interface Cost {
  /** Steps: characters and conditions that are tried. */
  readonly steps: number;
  /** In how many ways the part after it can be begun. */
  readonly ways: number;
}

/** What can come next, and how many steps it takes to find out that it does not. */
interface Next {
  readonly set: CharSet;
  readonly entry: number;
  /** Whether it may be nothing. */
  readonly isEmptyable: boolean;
}

const END: Next = { set: NOTHING, entry: 1, isEmptyable: true };

/**
 * Steps that a backtracking matcher takes at most on a text of `length` characters, whatever they are. There is one way
 * through an endless repetition; where it may end at any character, what comes after it is tried at each.
 *
 * @throws RefusedRegex where the steps double with every character.
 */
export function stepsOf(regex: Regex, length: number): number {
  const { steps } = costOf(regex, END, length);
  return isAnchored(regex) ? steps + length * nextOf(regex).entry : steps * (length + 1);
}

function costOf(regex: Regex, after: Next, length: number): Cost {
  switch (regex.kind) {
    case "sequence":
      return sequenceCost(regex.items, after, length);
    case "choice":
      return choiceCost(regex.options, after, length);
    case "repeat":
      return repeatCost(regex, after, length);
    default:
      return { steps: 1, ways: 1 };
  }
}

function sequenceCost(items: readonly Regex[], after: Next, length: number): Cost {
  const nexts = [after];
  for (const item of items.toReversed()) nexts.push(before(nextOf(item), nexts.at(-1) ?? after));
  nexts.reverse();
  return items
    .map((item, index) => costOf(item, nexts[index + 1] ?? after, length))
    .reduce(inSequence, { steps: 0, ways: 1 });
}

function inSequence(first: Cost, second: Cost): Cost {
  return { steps: first.steps + first.ways * second.steps, ways: first.ways * second.ways };
}

function choiceCost(options: readonly Regex[], after: Next, length: number): Cost {
  const costs = options.map((option) => costOf(option, after, length));
  const nexts = options.map(nextOf);
  const isExclusive = nexts.every(
    ({ set, isEmptyable }, index) =>
      !isEmptyable && nexts.slice(index + 1).every((other) => !overlap(set, other.set)),
  );
  const ways = costs.map((cost) => cost.ways);
  return {
    steps: sum(costs.map(({ steps }) => steps)),
    ways: isExclusive ? Math.max(...ways) : sum(ways),
  };
}

function repeatCost(
  { body, min, max }: Extract<Regex, { kind: "repeat" }>,
  after: Next,
  length: number,
): Cost {
  const next = nextOf(body);
  // More turns than the text has characters are never taken, as each turn that counts takes one.
  const rest =
    max > length ? loopCost(body, next, after, length) : optionalCost(body, max - min, after, length);
  const turn = costOf(body, { ...either(next, after), isEmptyable: after.isEmptyable }, length);
  let cost: Cost = { steps: 0, ways: 1 };
  for (let count = Math.min(min, length + 1); count > 0; count -= 1) cost = inSequence(cost, turn);
  return inSequence(cost, rest);
}

function loopCost(body: Regex, next: Next, after: Next, length: number): Cost {
  const { size, continuing } = loopOf(body);
  return {
    steps: (length + 1) * (size + next.entry + after.entry + 1),
    ways: overlap(continuing, after.set) ? length + 1 : 1,
  };
}

/** The cost of up to `turns` repetitions, each of which may be the last. */
function optionalCost(body: Regex, turns: number, after: Next, length: number): Cost {
  const next = nextOf(body);
  const isExclusive = !next.isEmptyable && !overlap(next.set, after.set);
  const turn = costOf(body, { ...either(next, after), isEmptyable: after.isEmptyable }, length);
  let cost: Cost = { steps: 0, ways: 1 };
  for (let count = 0; count < turns; count += 1) {
    const taken = inSequence(turn, cost);
    cost = {
      steps: taken.steps + after.entry + 1,
      ways: isExclusive ? Math.max(1, taken.ways) : taken.ways + 1,
    };
  }
  return cost;
}

function nextOf(regex: Regex): Next {
  switch (regex.kind) {
    case "characters":
      return { set: regex.set, entry: 1, isEmptyable: false };
    case "sequence":
      return regex.items.map(nextOf).reduceRight((after, item) => before(item, after), {
        set: NOTHING,
        entry: 0,
        isEmptyable: true,
      });
    case "choice":
      return regex.options.map(nextOf).reduce(either);
    case "repeat": {
      const next = nextOf(regex.body);
      return { ...next, entry: next.entry + 1, isEmptyable: next.isEmptyable || regex.min === 0 };
    }
    case "end":
      // Nothing comes after it, and where something does, it fails at once.
      return { set: NOTHING, entry: 1, isEmptyable: false };
    default:
      return { set: NOTHING, entry: 1, isEmptyable: true };
  }
}

function before(next: Next, after: Next): Next {
  return next.isEmptyable ? { ...either(next, after), isEmptyable: after.isEmptyable } : next;
}

function either(one: Next, other: Next): Next {
  return {
    set: [...one.set, ...other.set],
    entry: one.entry + other.entry,
    isEmptyable: one.isEmptyable || other.isEmptyable,
  };
}

function isAnchored(regex: Regex): boolean {
  if (regex.kind === "start") return true;
  if (regex.kind === "choice") return regex.options.every(isAnchored);
  const [first] = regex.kind === "sequence" ? regex.items : [];
  return first !== undefined && isAnchored(first);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
