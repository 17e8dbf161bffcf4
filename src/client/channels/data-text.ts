/**
 * Data of publications as text. The SDK parses every frame, and JavaScript's numbers are not those of JSON: they round
 * 9007199254740993, and make null of 1e400. So the SDK is given data as strings that hold the JSON, and what it sends is
 * turned back.
 */

import { type Path, replaceValues } from "../json-text.ts";

const RECEIVED: readonly Path[] = [
  ["push", "pub", "data"],
  ["subscribe", "publications", "*", "data"],
  ["history", "publications", "*", "data"],
  ["connect", "subs", "*", "publications", "*", "data"],
];
const SENT: readonly Path[] = [["publish", "data"]];

/** A frame of the server as the SDK is to get it: data of publications is a string that holds the JSON. */
export function dataToText(frame: string): string {
  return replaceInLines(frame, RECEIVED, JSON.stringify);
}

/** A frame of the SDK as the server is to get it: data to publish is the JSON that its string holds. */
export function textToData(frame: string): string {
  return replaceInLines(frame, SENT, (text) => String(JSON.parse(text)));
}

function replaceInLines(frame: string, paths: readonly Path[], replace: (value: string) => string): string {
  return frame
    .split("\n")
    .map((line) => replaceInLine(line, paths, replace))
    .join("\n");
}

/** The SDK is to find out by itself what is no JSON. */
function replaceInLine(line: string, paths: readonly Path[], replace: (value: string) => string): string {
  if (!line.includes('"data"')) return line;
  try {
    return replaceValues(line, paths, replace);
  } catch {
    return line;
  }
}
