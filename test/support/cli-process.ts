import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

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
  delete(): Promise<void>;
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
    delete: () => rm(folder, { recursive: true }),
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
