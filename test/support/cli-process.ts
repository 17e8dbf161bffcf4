import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const execute = promisify(execFile);

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line as users have it: one file, outside the project, where it finds no package. */
export interface CommandLine {
  /** A folder outside the project. */
  readonly folder: string;
  /** Runs a line of a shell that finds `poorwill`, and no secret, and no profile, of whoever runs the tests. */
  run(line: string, cwd: string): Promise<Ended>;
  /** Starts a command that goes on until it is interrupted, or until the test is over. */
  start(args: readonly string[], env?: NodeJS.ProcessEnv): Running;
  delete(): Promise<void>;
}

/** A command that runs. */
export interface Running {
  readonly stdout: string;
  readonly stderr: string;
  /** Presses Ctrl+C, and waits for the end. */
  interrupt(): Promise<Ended>;
}

export async function buildCommandLine(): Promise<CommandLine> {
  await execute(process.execPath, ["scripts/build-cli.ts"]);
  const folder = await mkdtemp(join(tmpdir(), "poorwill-cli-"));
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await cp("dist/bin/poorwill.js", join(folder, "poorwill.js"));
  await symlink("../poorwill.js", join(folder, "bin/poorwill"));
  const { TOKEN_HMAC_SECRET: _, POORWILL_URL: __, POORWILL_API_KEY: ___, ...env } = process.env;
  const PATH = [join(folder, "bin"), env.PATH].join(delimiter);
  return {
    folder,
    run: (line, cwd) =>
      runShell(line, cwd, { ...env, PATH, NO_COLOR: "1", XDG_CONFIG_HOME: join(folder, "config") }),
    start: (args, added) => startCommand([join(folder, "poorwill.js"), ...args], { ...env, ...added }),
    delete: () => rm(folder, { recursive: true }),
  };
}

function startCommand(args: readonly string[], env: NodeJS.ProcessEnv): Running {
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  }
  const ended = once(child, "close");
  return {
    get stdout() {
      return said.stdout;
    },
    get stderr() {
      return said.stderr;
    },
    async interrupt() {
      child.kill("SIGINT");
      const [status] = (await ended) as [number];
      return { status, ...said };
    },
  };
}

async function runShell(line: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  try {
    return { status: 0, ...(await execute("bash", ["-c", line], { cwd, env })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, stdout, stderr };
  }
}
