import { parseExactly } from "../protocol/json/payload.ts";
import { isTooDeep } from "../protocol/json/raw-json.ts";

/** A JSON object whose members are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Parses JSON so that its numbers can be written again as they were.
 *
 * @throws SyntaxError for what is not JSON, RangeError for what is nested too deeply.
 */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) throw new RangeError("the JSON is nested too deeply");
  return parseExactly(text);
}
