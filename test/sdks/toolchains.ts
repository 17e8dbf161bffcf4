import { join } from "node:path";

type Command = readonly [command: string, ...args: string[]];

/** What programs in one language need. */
export interface Toolchain {
  /** Each of these must run, or the toolchain is not there. */
  readonly probes: readonly Command[];
  /** The folder of the programs, below `programs`, and the commands that install and build them, run inside it. */
  readonly folder: string;
  readonly build: readonly Command[];
  /** What else is built from, seen from the root of the repository. */
  readonly alsoFrom?: string;
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
  java: {
    probes: [
      ["java", "-version"],
      ["mvn", "-version"],
    ],
    folder: "java",
    build: [["mvn", "--quiet", "--batch-mode", "compile", "dependency:copy-dependencies"]],
  },
  openapi: {
    probes: [["npm", "--version"]],
    folder: "openapi",
    alsoFrom: "src/api",
    build: [
      ["cp", "-R", ".", built("openapi")],
      ["npm", "ci", "--prefix", built("openapi")],
      [process.execPath, "document.ts", built("openapi/openapi.json")],
      [
        built("openapi/node_modules/.bin/openapi-typescript"),
        built("openapi/openapi.json"),
        // A field with a default would have to be given in every request.
        "--default-non-nullable=false",
        ...["--output", built("openapi/openapi.d.ts")],
      ],
      [built("openapi/node_modules/.bin/tsc"), "--project", built("openapi")],
    ],
  },
} as const satisfies Record<string, Toolchain>;

export type ToolchainName = keyof typeof TOOLCHAINS;
