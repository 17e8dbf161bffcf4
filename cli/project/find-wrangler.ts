import { parseWrangler, WRANGLER_FILES, type WranglerConfig } from "./wrangler-config.ts";

/** The text of a file of the folder; undefined where there is none. */
export type ReadFile = (path: string) => string | undefined;

export interface WranglerFile {
  readonly file: string;
  readonly text: string;
  readonly config: WranglerConfig;
}

/** The file that wrangler would read; undefined where there is none. */
export function findWrangler(read: ReadFile): WranglerFile | undefined {
  for (const file of WRANGLER_FILES) {
    const text = read(file);
    if (text !== undefined) return { file, text, config: parseWrangler(file, text) };
  }
  return undefined;
}
