import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { readText } from "../project/files.ts";
import { UsageError } from "../usage-error.ts";
import { NO_PROFILES, type Profiles, parseProfiles } from "./profiles.ts";

export function profilesPath({ XDG_CONFIG_HOME }: NodeJS.ProcessEnv): string {
  return join(XDG_CONFIG_HOME || join(homedir(), ".config"), "poorwill", "profiles.json");
}

export function readProfiles(path: string): Profiles {
  const text = readText(path);
  return text === undefined ? NO_PROFILES : parseProfiles(path, text);
}

/** Writes a new file beside the old one, so that none is ever half written, or open to others because the old one was. */
export function writeProfiles(path: string, profiles: Profiles): void {
  const unfinished = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(unfinished, `${JSON.stringify(profiles, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
    renameSync(unfinished, path);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${(error as NodeJS.ErrnoException).code}`);
  }
}
