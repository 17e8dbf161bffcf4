/** A program with everything that it starts: wrangler starts workerd and esbuild, which outlive it when it alone is killed. */

import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

const STOP_MS = 5_000;

export interface ProcessGroup {
  /** How the program has ended: its code, or the name of the signal. Undefined while it runs. */
  ended(): number | string | undefined;
  /** What it has printed so far. */
  output(): string;
  /** Ends every process of the group. */
  stop(): Promise<void>;
}

/** Starts a program. Its group ends with this process, if not before. */
export function startGroup(
  program: string,
  options: readonly string[],
  settings: Pick<SpawnOptions, "cwd" | "env">,
): ProcessGroup {
  const child = spawn(program, [...options], {
    ...settings,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const killAtExit = () => signalGroup(child, "SIGKILL");
  process.once("exit", killAtExit);
  return {
    ended: () => endOf(child),
    output: collectOutput(child),
    async stop() {
      await killGroup(child);
      process.off("exit", killAtExit);
    },
  };
}

function collectOutput(child: ChildProcess): () => string {
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  }
  return () => chunks.join("");
}

async function killGroup(child: ChildProcess): Promise<void> {
  const ended = endOf(child) === undefined ? once(child, "exit") : Promise.resolve();
  signalGroup(child, "SIGTERM");
  await Promise.race([ended, delay(STOP_MS, undefined, { ref: false })]);
  // What ignored SIGTERM, or was left by wrangler, goes now: the group lives as long as one of its processes.
  signalGroup(child, "SIGKILL");
  await ended;
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function endOf({ pid, exitCode, signalCode }: ChildProcess): number | string | undefined {
  return pid === undefined ? "it did not start" : (exitCode ?? signalCode ?? undefined);
}
