import { readFile } from "node:fs/promises";

/** Linux counts processor time in ticks of this many a second, on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;
const KiB = 1024;

/** Seconds of processor time that a process has taken; NaN where there is no /proc. */
export async function processorSeconds(pid: number): Promise<number> {
  const stat = await readProcess(pid, "stat");
  // The name of the program, in parentheses, may contain spaces: what follows it starts with the third field.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Bytes of memory that a process occupies; NaN where there is no /proc. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readProcess(pid, "status");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * KiB;
}

function readProcess(pid: number, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
}
