import { fromUtf8 } from "../../shared/encodings.ts";
import type { Json } from "../messages.ts";

/** What JSON.parse tells about a number, and JSON.rawJSON: in V8 since 11.4, not yet in TypeScript's libraries. */
interface ExactJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
}

const exactJson = JSON as unknown as ExactJson;

/**
 * Matches every text with a number that JSON.parse and JSON.stringify together would write in another way: 16 or more
 * digits, an exponent, zeros at the end of a fraction, less than 1e-6, or -0. May match others; they only take longer.
 */
const CHANGING_NUMBER = /[[:,\s](?:-0(?![.\d])|-?(?:[\d.]{16}|\d+(?:\.\d+)?[eE]|\d+\.\d*0(?!\d)|0\.0{6}))/;

/** Parses a command so that `payloadText` finds its numbers as they were sent. */
export function parseExactly(line: string): unknown {
  return CHANGING_NUMBER.test(line) ? exactJson.parse(line, keepNumber) : JSON.parse(line);
}

/** The same for a payload of its own, which may be nothing but a number. Undefined for none. */
export function parsePayload(payload: Json | undefined): unknown {
  return payload === undefined ? undefined : (parseExactly(`[${payload}]`) as [unknown])[0];
}

/** The number that `parseExactly` has kept as it was sent; anything else as it is. */
export function plainNumber(value: unknown): unknown {
  return exactJson.isRawJSON(value) ? Number(value.rawJSON) : value;
}

function keepNumber(_key: string, value: unknown, context: { source: string }): unknown {
  if (typeof value !== "number" || String(value) === context.source) return value;
  return exactJson.rawJSON(context.source);
}

/** JSON text of a decoded payload, without line breaks; undefined where there is none. */
export function payloadText(payload: unknown): Json | undefined {
  return payload === undefined || payload === null ? undefined : JSON.stringify(payload);
}

/** Bytes as JSON text without line breaks; undefined for what is no JSON. */
export function jsonOfBytes(bytes: Uint8Array): Json | undefined {
  try {
    const text = fromUtf8(bytes);
    JSON.parse(text);
    // In valid JSON, a line break can only stand between two tokens. It would split a frame, whose commands are lines.
    return text.replaceAll(/[\r\n]/g, " ");
  } catch {
    return undefined;
  }
}
