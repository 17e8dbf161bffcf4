import { JSON_LIMITS } from "../../shared/limits.ts";
import type { Json } from "../messages.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
/** Of what may stand between two tokens, the last in the order of characters. */
const SPACE = 0x20;
const LIST = { start: 0x5b, end: 0x5d };
const OBJECT = { start: 0x7b, end: 0x7d };

/**
 * Whether lists and objects in a JSON text are nested more than `limit` levels deep. JSON.parse takes any depth, but
 * JSON.stringify and the parsers of many clients use up their stack on it. Of what is no JSON, the answer means nothing.
 *
 * @example isTooDeep('{"a":[]}', 1); // true
 */
export function isTooDeep(json: Json, limit: number = JSON_LIMITS.depth): boolean {
  // Each level takes two characters, so most texts are not looked at.
  if (json.length <= 2 * limit) return false;
  let depth = 0;
  for (let index = 0; index < json.length; index += 1) {
    const character = json.charCodeAt(index);
    if (character === QUOTE) index = endOfText(json, index);
    else if (character === LIST.start || character === OBJECT.start) {
      depth += 1;
      if (depth > limit) return true;
    } else if (character === LIST.end || character === OBJECT.end) depth -= 1;
  }
  return false;
}

/**
 * A member of a JSON object as it was written: each number keeps its digits, for which a reviver of JSON.parse would take
 * twenty times as long. Of several of one name it is the last, as for JSON.parse. What is given must be a JSON object.
 *
 * @example rawMember('{"a":1.0}', "a"); // "1.0"
 */
export function rawMember(json: Json, name: string): Json | undefined {
  let member: Json | undefined;
  for (const [key, value] of members(json)) if (isName(key, name)) member = value;
  return member;
}

/** All members of a JSON object as they were written, by name. */
export function rawMembers(json: Json): ReadonlyMap<string, Json> {
  return new Map(Array.from(members(json), ([key, value]) => [JSON.parse(key) as string, value]));
}

/** Names, in their quotes, and values. */
function* members(json: Json): Iterable<readonly [key: Json, value: Json]> {
  let index = json.indexOf("{") + 1;
  for (let key = json.indexOf('"', index); key !== -1; key = json.indexOf('"', index)) {
    const end = endOfText(json, key);
    const start = afterSpace(json, json.indexOf(":", end + 1) + 1);
    index = endOfValue(json, start);
    yield [json.slice(key, end + 1), json.slice(start, index)];
  }
}

function isName(text: Json, name: string): boolean {
  return text.includes("\\") ? JSON.parse(text) === name : text === `"${name}"`;
}

function afterSpace(json: Json, start: number): number {
  let index = start;
  while (json.charCodeAt(index) <= SPACE) index += 1;
  return index;
}

/** The index after the value that begins at `start`. */
function endOfValue(json: Json, start: number): number {
  let depth = 0;
  for (let index = start; index < json.length; index += 1) {
    const character = json.charCodeAt(index);
    if (character === QUOTE) index = endOfText(json, index);
    else if (character === LIST.start || character === OBJECT.start) depth += 1;
    else if (character === LIST.end || character === OBJECT.end) depth -= 1;
    else if (depth === 0 && (character === COMMA || character <= SPACE)) return index;
    if (depth < 0) return index;
  }
  return json.length;
}

/** Where the text that begins with the quote at `start` ends. */
function endOfText(json: Json, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end === -1 ? json.length : end;
}

/** Whether an odd number of backslashes stands before a quote. */
function isEscaped(json: Json, quote: number): boolean {
  let first = quote;
  while (json.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (quote - first) % 2 === 1;
}

/**
 * The elements of a JSON list as they were written. What is given must be a JSON list.
 *
 * @example rawElements('[1.0,"a"]'); // ["1.0", '"a"']
 */
export function rawElements(json: Json): Json[] {
  const elements: Json[] = [];
  let start = afterSpace(json, json.indexOf("[") + 1);
  while (start < json.length && json.charCodeAt(start) !== LIST.end) {
    const end = endOfValue(json, start);
    elements.push(json.slice(start, end));
    const next = afterSpace(json, end);
    start = json.charCodeAt(next) === COMMA ? afterSpace(json, next + 1) : next;
  }
  return elements;
}
