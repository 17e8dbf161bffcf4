import { ANYTHING, type CharSet, charSetOf, complement, DIGITS, SPACES, WORD } from "./char-set.ts";
import { RefusedRegex, type Source } from "./source.ts";

/** What a part of a class, or an escape, stands for. */
interface Characters {
  readonly set: CharSet;
  /** The one character that it is; undefined for a class of them. */
  readonly single: number | undefined;
  /** Whether the set is exactly right, so that its complement is too. */
  readonly isExact: boolean;
}

const CLASSES: Readonly<Record<string, CharSet>> = {
  d: DIGITS,
  D: complement(DIGITS),
  w: WORD,
  W: complement(WORD),
  s: SPACES,
  S: complement(SPACES),
};
const CONTROLS: Readonly<Record<string, string>> = { f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** Reads a class behind its `[`. */
export function readClass(source: Source): CharSet {
  const isNegated = source.take("^");
  const parts: Characters[] = [];
  while (!source.take("]")) parts.push(readRange(source));
  const set = parts.flatMap((part) => part.set);
  if (!isNegated) return set;
  return parts.every(({ isExact }) => isExact) ? complement(set) : ANYTHING;
}

function readRange(source: Source): Characters {
  const from = readMember(source);
  if (from.single === undefined || source.startsWith("-]") || !source.take("-")) return from;
  const to = readMember(source);
  if (to.single !== undefined) return { set: [[from.single, to.single]], single: undefined, isExact: true };
  // Without the flag `u`, the hyphen before a class is itself.
  return { set: [...from.set, ...charSetOf(0x2d), ...to.set], single: undefined, isExact: to.isExact };
}

function readMember(source: Source): Characters {
  if (!source.take("\\")) return one(source.next());
  return source.take("b") ? one(0x08) : readEscape(source);
}

/** Reads what stands behind a backslash. */
export function readEscape(source: Source): Characters {
  if (source.match(/^(?:[1-9]|k<|0\d)/)) throw new RefusedRegex("has a backreference or an octal escape");
  if (source.isUnicode && source.match(/^[pP]\{[^}]*\}/)) {
    return { set: ANYTHING, single: undefined, isExact: false };
  }
  const [, name = ""] = source.match(/^([dDwWsS])/) ?? [];
  const set = CLASSES[name];
  return set ? { set, single: undefined, isExact: true } : one(readSingle(source));
}

function readSingle(source: Source): number {
  const [, hex] = source.match(/^x([\da-fA-F]{2})/) ?? readUnicode(source) ?? [];
  if (hex !== undefined) return Number.parseInt(hex, 16);
  const [, letter] = source.match(/^c([a-zA-Z])/) ?? [];
  if (letter !== undefined) return letter.charCodeAt(0) % 32;
  const [, control = ""] = source.match(/^([fnrtv])/) ?? [];
  if (control !== "") return CONTROLS[control]?.charCodeAt(0) ?? 0;
  return source.take("0") ? 0 : source.next();
}

/** The hexadecimal digits of a `\u`; two surrogates are one character where the flag `u` is on. */
function readUnicode(source: Source): readonly [string, string] | undefined {
  if (source.isUnicode) {
    const [whole, high, low] =
      source.match(/^u([dD][89abAB][\da-fA-F]{2})\\u([dD][c-fC-F][\da-fA-F]{2})/) ?? [];
    if (whole !== undefined && high !== undefined && low !== undefined) {
      const pair = String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16));
      return [whole, (pair.codePointAt(0) ?? 0).toString(16)];
    }
    const [braced, digits] = source.match(/^u\{([\da-fA-F]+)\}/) ?? [];
    if (braced !== undefined && digits !== undefined) return [braced, digits];
  }
  const [text, digits] = source.match(/^u([\da-fA-F]{4})/) ?? [];
  return text !== undefined && digits !== undefined ? [text, digits] : undefined;
}

function one(character: number): Characters {
  return { set: charSetOf(character), single: character, isExact: true };
}
