/** JSON as text. What is laid out or replaced here is not parsed, so every number keeps the digits it was written with. */

import { JSON_LIMITS } from "../shared/limits.ts";

/** Where values stand: names of members, one inside the other. "*" stands for any member, and for any item of a list. */
export type Path = readonly string[];

/** Says what is wrong with a text that is no JSON; undefined for one that is. */
export function findJsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `Not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/**
 * JSON with a line for each member and item. What is nested more than `levels` deep stays in one line: its indentation
 * alone could grow with the square of the text.
 *
 * @example prettyJson('{"n":1e400}'); // '{\n  "n": 1e400\n}'
 */
export function prettyJson(json: string, levels: number = JSON_LIMITS.depth): string {
  const parts: string[] = [];
  let depth = 0;
  const lineBreak = () => (depth <= levels ? `\n${"  ".repeat(depth)}` : "");
  for (let at = skipBlanks(json, 0); at < json.length; ) {
    const end = endOfToken(json, at);
    const token = json.slice(at, end);
    at = skipBlanks(json, end);
    if (isOpening(token) && isClosing(json[at])) {
      parts.push(token, json[at] ?? "");
      at = skipBlanks(json, at + 1);
    } else if (isOpening(token)) {
      depth += 1;
      parts.push(token, lineBreak());
    } else if (isClosing(token)) {
      const isBroken = depth <= levels;
      depth -= 1;
      parts.push(isBroken ? lineBreak() : "", token);
    } else if (token === ",") parts.push(token, lineBreak());
    else if (token === ":") parts.push(depth <= levels ? ": " : ":");
    else parts.push(token);
  }
  return parts.join("");
}

/** JSON without blanks between its parts, so in one line. */
export function compactJson(json: string): string {
  return prettyJson(json, 0);
}

/**
 * Replaces the values at the end of these paths.
 *
 * @param replace gets the text of a value, and returns the text to put in its place.
 * @throws SyntaxError for some texts that are no JSON. Others come back with something replaced, or nothing.
 * @example replaceValues('{"pub":{"data":1.0}}', [["pub", "data"]], JSON.stringify); // '{"pub":{"data":"1.0"}}'
 */
export function replaceValues(
  json: string,
  paths: readonly Path[],
  replace: (value: string) => string,
): string {
  const parts: string[] = [];
  let copied = 0;

  /** Returns where the value that begins at `start` ends. */
  function visit(start: number, wanted: readonly Path[]): number {
    if (wanted.some((path) => path.length === 0)) {
      const end = endOfValue(json, start);
      parts.push(json.slice(copied, start), replace(json.slice(start, end)));
      copied = end;
      return end;
    }
    return wanted.length > 0 && isOpening(json[start])
      ? visitMembers(start, wanted)
      : endOfValue(json, start);
  }

  function visitMembers(start: number, wanted: readonly Path[]): number {
    const isObject = json[start] === "{";
    let at = skipBlanks(json, start + 1);
    while (at < json.length && !isClosing(json[at])) {
      let name = "*";
      if (isObject) {
        const end = endOfToken(json, at);
        name = String(JSON.parse(json.slice(at, end)));
        at = skipBlanks(json, skipBlanks(json, end) + 1);
      }
      at = skipBlanks(json, visit(at, below(wanted, name)));
      if (json[at] === ",") at = skipBlanks(json, at + 1);
    }
    return at + 1;
  }

  visit(skipBlanks(json, 0), paths);
  return parts.join("") + json.slice(copied);
}

function below(paths: readonly Path[], name: string): readonly Path[] {
  return paths.filter(([first]) => first === "*" || first === name).map((path) => path.slice(1));
}

function endOfValue(json: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    if (isOpening(json[at])) depth += 1;
    else if (isClosing(json[at])) depth -= 1;
    at = endOfToken(json, at);
    if (depth > 0) at = skipBlanks(json, at);
  } while (depth > 0 && at < json.length);
  return at;
}

function endOfToken(json: string, start: number): number {
  if (json[start] === '"') return endOfString(json, start);
  let end = start + 1;
  if (isStructure(json[start])) return end;
  while (end < json.length && !isBlank(json[end]) && !isStructure(json[end]) && json[end] !== '"') end += 1;
  return end;
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at + 1;
}

function skipBlanks(json: string, start: number): number {
  let at = start;
  while (at < json.length && isBlank(json[at])) at += 1;
  return at;
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\n" || character === "\r" || character === "\t";
}

function isOpening(character: string | undefined): boolean {
  return character === "{" || character === "[";
}

function isClosing(character: string | undefined): boolean {
  return character === "}" || character === "]";
}

function isStructure(character: string | undefined): boolean {
  return isOpening(character) || isClosing(character) || character === "," || character === ":";
}
