import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../usage-error.ts";
import type { ReadFile } from "./find-wrangler.ts";

/**
 * The text of a file, without the mark of byte order that some editors put first; undefined where there is none.
 *
 * @throws UsageError where it cannot be read.
 */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new UsageError(`${path} cannot be read: ${code}`);
  }
}

export function filesOf(folder: string): ReadFile {
  return (path) => readText(join(folder, path));
}
