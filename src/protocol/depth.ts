import { JSON_LIMITS } from "../limits.ts";
import type { Json } from "./messages.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
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
