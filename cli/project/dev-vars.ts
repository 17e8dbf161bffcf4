import { parse } from "dotenv";
import type { ReadFile } from "./find-wrangler.ts";

/** Variables and secrets of development, by name. */
export interface DevVars {
  /** The name of the file, within its folder. */
  readonly file: string;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * The variables that `wrangler dev` reads in a folder; undefined where there is no file of them. It reads one of
 * `.dev.vars`, that of the environment if it is there, or else all of `.env`, by the same library (wrangler 4.164.0).
 */
export function readDevVars(read: ReadFile, environment: string | undefined): DevVars | undefined {
  const own = (file: string) => (environment === undefined ? [] : [`${file}.${environment}`]);
  const there = (file: string): DevVars[] => {
    const text = read(file);
    return text === undefined ? [] : [{ file, values: parse(text) }];
  };
  const [devVars] = [...own(".dev.vars"), ".dev.vars"].flatMap(there);
  if (devVars) return devVars;
  const files = [".env", ".env.local", ...own(".env").flatMap((file) => [file, `${file}.local`])];
  return files
    .flatMap(there)
    .reduce<DevVars | undefined>(
      (before, { file, values }) => ({ file, values: { ...before?.values, ...values } }),
      undefined,
    );
}
