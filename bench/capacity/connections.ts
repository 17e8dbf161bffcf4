import { readFileSync } from "node:fs";

/** Files that workerd has open for each connection, and besides. */
const FILES_PER_CONNECTION = 2;
const OTHER_FILES = 200;

/** As many connections as one workerd may have on this machine, and at most so many. */
export function connectionsUpTo(wanted: number): number {
  const limits = readFileSync("/proc/self/limits", "utf8");
  const files = Number(/Max open files\s+(\d+)/.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  return Math.min(wanted, Math.floor((files - OTHER_FILES) / FILES_PER_CONNECTION));
}
