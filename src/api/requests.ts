import { type Fields, isFields } from "../protocol/json/fields.ts";
import { parseExactly } from "../protocol/json/payload.ts";

/** A JSON object with its numbers as they were sent; undefined for anything else. */
export function parseObject(text: string): Fields | undefined {
  try {
    const parsed = parseExactly(text);
    return isFields(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** One command of a request. `method` may be any text, also one that names no method. */
export interface ApiCommand {
  readonly method: string;
  readonly params: unknown;
}

/** The commands of a body of the legacy form: one object, or one in each line. Undefined where one cannot be read. */
export function parseLegacy(body: string): readonly Fields[] | undefined {
  const single = parseObject(body);
  if (single) return [single];
  const lines = body.split("\n").filter((line) => line.trim() !== "");
  const commands = lines.map(parseObject);
  return commands.length > 0 && commands.every((command) => command !== undefined) ? commands : undefined;
}

/** The command `{"method","params"}` of the legacy form. */
export function readLegacy({ method, params }: Fields): ApiCommand {
  return { method: typeof method === "string" ? method : "", params };
}

/** The command `{"<method>":{…}}` of a batch. Undefined where there is not exactly one method. */
export function readBatched(entry: unknown): ApiCommand | undefined {
  // A null member counts as absent.
  const members = isFields(entry) ? Object.entries(entry).filter(([, params]) => params !== null) : [];
  const [member, ...others] = members;
  if (member === undefined || others.length > 0) return undefined;
  const [method, params] = member;
  // There is no batch in a batch.
  return { method: method === "batch" ? "" : method, params };
}
