import { accessSync, constants, lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "../usage-error.ts";
import type { Change } from "./plan.ts";

/** Secrets are for their owner. */
const MODES: Readonly<Record<string, number>> = { ".dev.vars": 0o600, ".env.local": 0o600 };

/**
 * All files are looked at before the first is written: the next run would take half an application for another's Worker.
 *
 * @throws UsageError for a file that cannot be written, or that has appeared since the plan was made.
 */
export function writeChanges(folder: string, changes: readonly Change[]): void {
  for (const change of changes) attempt(folder, change, prepare);
  for (const change of changes) attempt(folder, change, write);
}

function prepare(file: string, { kind }: Change): void {
  mkdirSync(dirname(file), { recursive: true });
  if (kind === "added to") accessSync(file, constants.W_OK);
  // A link to nowhere is a file that nobody can read, and is there all the same.
  else if (lstatSync(file, { throwIfNoEntry: false })) throw Object.assign(new Error(), { code: "EEXIST" });
  else accessSync(dirname(file), constants.W_OK);
}

function write(file: string, { path, text, kind }: Change): void {
  writeFileSync(file, text, { flag: kind === "created" ? "wx" : "w", mode: MODES[path] ?? 0o666 });
}

function attempt(folder: string, change: Change, act: (file: string, change: Change) => void): void {
  const file = join(folder, change.path);
  try {
    act(file, change);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${(error as NodeJS.ErrnoException).code}`);
  }
}
