import { type CharSet, charSetOf, complement, LINE_ENDS } from "./char-set.ts";
import { readClass, readEscape } from "./parse-characters.ts";
import { RefusedRegex, type Source, sourceOf } from "./source.ts";

/** What a regular expression is made of. Groups are what is in them. */
export type Regex =
  | { readonly kind: "characters"; readonly set: CharSet }
  /** `^`, `$`, and `\b` or `\B`: what matches without taking a character. */
  | { readonly kind: "start" | "end" | "boundary" }
  | { readonly kind: "sequence"; readonly items: readonly Regex[] }
  | { readonly kind: "choice"; readonly options: readonly Regex[] }
  | { readonly kind: "repeat"; readonly body: Regex; readonly min: number; readonly max: number };

/**
 * Reads a regular expression that JavaScript takes, with the flag `u` or without flags.
 *
 * @throws RefusedRegex for what looks at more than the next character, such as a backreference.
 */
export function parseRegex(text: string, isUnicode: boolean): Regex {
  return readChoice(sourceOf(text, isUnicode));
}

function readChoice(source: Source): Regex {
  const options = [readSequence(source)];
  while (source.take("|")) options.push(readSequence(source));
  const [only] = options;
  return options.length === 1 && only ? only : { kind: "choice", options };
}

function readSequence(source: Source): Regex {
  const items: Regex[] = [];
  while (!source.isAtEnd && !source.startsWith("|") && !source.startsWith(")")) {
    items.push(readQuantifiers(source, readAtom(source)));
  }
  return { kind: "sequence", items };
}

function readAtom(source: Source): Regex {
  if (source.take("^")) return { kind: "start" };
  if (source.take("$")) return { kind: "end" };
  if (source.take("(")) return readGroup(source);
  if (source.take(".")) return characters(complement(LINE_ENDS));
  if (source.take("[")) return characters(readClass(source));
  if (!source.take("\\")) return characters(charSetOf(source.next()));
  if (source.take("b") || source.take("B")) return { kind: "boundary" };
  return characters(readEscape(source).set);
}

function readGroup(source: Source): Regex {
  if (source.take("?") && !source.take(":")) {
    if (source.match(/^<?[=!]/)) throw new RefusedRegex("has a lookahead or lookbehind");
    if (!source.match(/^<[^>]*>/)) throw new RefusedRegex("has a group with flags");
  }
  const body = readChoice(source);
  source.take(")");
  return body;
}

function readQuantifiers(source: Source, body: Regex): Regex {
  const bounds = readBounds(source);
  if (bounds === undefined) return body;
  source.take("?");
  return { kind: "repeat", body, ...bounds };
}

function readBounds(source: Source): { min: number; max: number } | undefined {
  if (source.take("*")) return { min: 0, max: Number.POSITIVE_INFINITY };
  if (source.take("+")) return { min: 1, max: Number.POSITIVE_INFINITY };
  if (source.take("?")) return { min: 0, max: 1 };
  // Without the flag `u`, what is no quantifier is taken as it stands.
  const [, min, comma, max] = source.match(/^\{(\d+)(,?)(\d*)\}/) ?? [];
  if (min === undefined) return undefined;
  if (comma === "") return { min: Number(min), max: Number(min) };
  return { min: Number(min), max: max === "" ? Number.POSITIVE_INFINITY : Number(max) };
}

function characters(set: CharSet): Regex {
  return { kind: "characters", set };
}
