import { parse } from "dotenv";
import type { ReadFile } from "./find-wrangler.ts";

/** Variables and secrets of development, by name. */
export interface DevVars {
  /** The name of the file, within its folder. */
  readonly file: string;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * The variables that `wrangler dev` reads in a folder; undefined where there is no file of them. Those of an environment
 * replace the others, as with wrangler, which reads either file by the same library.
 */
export function readDevVars(read: ReadFile, environment: string | undefined): DevVars | undefined {
  const files = [...(environment === undefined ? [] : [`.dev.vars.${environment}`]), ".dev.vars"];
  for (const file of files) {
    const text = read(file);
    if (text !== undefined) return { file, values: parse(text) };
  }
  return undefined;
}
