import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "../usage-error.ts";
import type { Change } from "./plan.ts";

/** Secrets are for their owner. */
const MODES: Readonly<Record<string, number>> = { ".dev.vars": 0o600 };

/** @throws UsageError for a file that cannot be written, or that has appeared since the plan was made. */
export function writeChanges(folder: string, changes: readonly Change[]): void {
  for (const { path, text, kind } of changes) {
    const file = join(folder, path);
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { flag: kind === "created" ? "wx" : "w", mode: MODES[path] ?? 0o666 });
    } catch (error) {
      throw new UsageError(`${file} cannot be written: ${(error as NodeJS.ErrnoException).code}`);
    }
  }
}
