import { join } from "node:path";

type Command = readonly [command: string, ...args: string[]];

/** What programs in one language need. */
export interface Toolchain {
  /** Each of these must run, or the toolchain is not there. */
  readonly probes: readonly Command[];
  /** The folder of the programs, below `programs`, and the commands that install and build them, run inside it. */
  readonly folder: string;
  readonly build: readonly Command[];
}

/** A file of ours that is run as it is. */
export const program = (path: string): string => join(import.meta.dirname, "programs", path);

/** A file that the build has made. */
export const built = (path: string): string => join(import.meta.dirname, ".build", path);

export const TOOLCHAINS = {
  node: { probes: [], folder: "js", build: [] },
  go: {
    probes: [["go", "version"]],
    folder: "go",
    build: [["go", "build", "-o", `${built("go")}/`, "./..."]],
  },
  python: {
    probes: [["python3", "-m", "venv", "--help"]],
    folder: "python",
    build: [
      ["python3", "-m", "venv", built("python")],
      [built("python/bin/pip"), "install", "--quiet", "--requirement", "requirements.txt"],
    ],
  },
} as const satisfies Record<string, Toolchain>;

export type ToolchainName = keyof typeof TOOLCHAINS;
