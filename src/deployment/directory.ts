import type { OperationsConfig } from "../config/operations.ts";
import { DIRECTORY_NAME, type DirectoryStub } from "../metrics/report.ts";
import type { Env } from "./env.ts";

/** The directory, where the configuration has one. */
export function directoryOf({ DIRECTORY }: Env, { directory }: OperationsConfig): DirectoryStub | undefined {
  if (!directory) return undefined;
  return DIRECTORY.getByName(DIRECTORY_NAME) as unknown as DirectoryStub;
}
