import { parseExactly } from "../protocol/json/payload.ts";
import { isTooDeep } from "../protocol/json/raw-json.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** A JSON object whose members are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Parses JSON in UTF-8, so that its numbers are written again as they were; throws for anything else, and for what is nested too deeply. */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decoder.decode(bytes);
  if (isTooDeep(text)) throw new RangeError("the JSON is nested too deeply");
  return parseExactly(text);
}
