import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Of a program of its own, which is no part of the run of tests that starts it. */
export function ownEnvironment(directory: string): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(
    ([name]) => !/^(?:VITEST|TEST$|POORWILL_|NODE_ENV|npm_)/.test(name),
  );
  return { ...Object.fromEntries(others), PWD: directory, CI: "true", NO_COLOR: "1" };
}

/** Runs a program in a folder. Throws with what it printed when it fails. */
export async function runIn(directory: string, program: string, ...options: string[]): Promise<string> {
  const settings = { cwd: directory, env: ownEnvironment(directory), maxBuffer: 2 ** 26 };
  try {
    return (await promisify(execFile)(program, options, settings)).stdout;
  } catch (failure) {
    const { stdout, stderr } = failure as { stdout: string; stderr: string };
    throw new Error(`${program} ${options.join(" ")} failed:\n${stdout}${stderr}`, { cause: failure });
  }
}
