/** An example as its reader has it: in a folder of its own, with the packages that it names, started as its README says. */

import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { environment, findFreePort, waitUntilAnswered } from "./gateway.ts";
import { type ProcessGroup, startGroup } from "./process-group.ts";
import { snippetIn } from "./snippets.ts";
import { until } from "./until.ts";

export interface Example {
  readonly folder: string;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Starts a further command of the README beside it. */
  start(command: string, env?: Readonly<Record<string, string>>): ProcessGroup;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Of wrangler, beside the ports. */
  readonly options?: string;
  /** The package, where everything is really installed. Without it packages are linked, and only prepared. */
  readonly tarball?: string;
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The package as it was packed, for `npm run test:all`. Without it an example runs on the source. */
const PACKED = process.env.POORWILL_PACKAGE;

/** A hang guard: packages may come over a slow network. */
const INSTALL_MS = 400_000;

/** Modules of the package by name, in the source. */
const MODULES = {
  index: "src/index.ts",
  rooms: "src/package/rooms.ts",
  backend: "src/package/backend.ts",
  testing: "src/package/testing.ts",
};

/** Copies a folder of `examples/`, with links to the packages that its package.json names, and as `poorwill` the source or PACKED. */
export async function copyExample(name: string): Promise<string> {
  const folder = await copyFolder(name);
  await linkPackages(folder);
  return folder;
}

async function copyFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `poorwill-${name}-`));
  const source = join("examples", name);
  const left = new Set(["node_modules", ".wrangler"].map((left) => join(source, left)));
  await cp(source, folder, { recursive: true, filter: (file) => !left.has(file) });
  return folder;
}

/**
 * Starts an example by the two lines of its README, and returns when it answers.
 *
 * @throws when it ends or does not answer in time, with what it printed.
 */
export async function startExample(
  name: string,
  { options = "", tarball }: StartOptions = {},
): Promise<Example> {
  const folder = await (tarball === undefined ? copyExample(name) : copyFolder(name));
  const programs: ProcessGroup[] = [];
  const start = (command: string, env: Readonly<Record<string, string>> = {}) => {
    const program = startGroup("sh", ["-c", command], {
      cwd: folder,
      env: { ...environment(folder), ...env },
    });
    programs.push(program);
    return program;
  };
  const stop = async () => {
    await Promise.all(programs.map((program) => program.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  const [install = "", dev = ""] = snippetIn(await readFile(join(folder, "README.md"), "utf8"), "sh").split(
    "\n",
  );
  const url = `http://127.0.0.1:${await findFreePort()}`;
  try {
    if (install !== "npm install") throw new Error(`the README begins with ${install}`);
    if (tarball !== undefined) await dependOn(folder, tarball);
    await untilDone(start(tarball === undefined ? "npm run prepare --if-present" : install));
    const ports = `--port ${new URL(url).port} --inspector-port ${await findFreePort()} --ip 127.0.0.1`;
    await waitUntilAnswered(url, start(`${dev} -- ${ports} --show-interactive-dev-session false ${options}`));
  } catch (error) {
    const printed = programs.map(({ output }) => output()).join("");
    await stop();
    throw new Error(`the example ${name} did not start: ${printed}`, { cause: error });
  }
  return { folder, url, start, stop };
}

async function untilDone(program: ProcessGroup): Promise<void> {
  await until(() => program.ended() !== undefined, "the packages", INSTALL_MS);
  if (program.ended() !== 0) throw new Error(`it ended with ${program.ended()}`);
}

/** What its README says of a folder of one's own. */
async function dependOn(folder: string, tarball: string): Promise<void> {
  const manifest = await manifestOf(folder);
  const dependencies = { ...manifest.dependencies, poorwill: `file:${tarball}` };
  await writeFile(join(folder, "package.json"), JSON.stringify({ ...manifest, dependencies }));
}

async function linkPackages(folder: string): Promise<void> {
  const { dependencies, devDependencies } = await manifestOf(folder);
  const packages = join(folder, "node_modules");
  await mkdir(packages);
  for (const name of [".bin", ...Object.keys({ ...dependencies, ...devDependencies })]) {
    const link = join(packages, name);
    await mkdir(dirname(link), { recursive: true });
    if (name !== "poorwill") await symlink(resolve("node_modules", name), link);
    else if (PACKED === undefined) await writePackage(link);
    else await symlink(PACKED, link);
  }
}

/** Node runs no TypeScript of a package, so each module is JavaScript that imports the source. */
async function writePackage(folder: string): Promise<void> {
  await mkdir(folder);
  for (const [name, source] of Object.entries(MODULES)) {
    const text = `export * from ${JSON.stringify(resolve(source))};\n`;
    await Promise.all(["js", "d.ts"].map((ending) => writeFile(join(folder, `${name}.${ending}`), text)));
  }
  const exports = { ".": "./index.js", "./*": "./*.js" };
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ name: "poorwill", type: "module", exports }),
  );
}

async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
}
