import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";

/**
 * Writes a file where its content is another one. Whoever reads it meanwhile gets the old content or the new one, whole:
 * a gateway may be serving the page while another one starts and builds it again.
 */
export function writeChanged(path: string, content: Uint8Array): void {
  if (contentOf(path)?.equals(content)) return;
  const unfinished = `${path}.${randomUUID()}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, path);
}

/** The content of a file; undefined where there is none. */
export function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
