/** A copy of this repository that its operator has made their own, by what the guides say. */

import { execFile } from "node:child_process";
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { snippetIn } from "./snippets.ts";

const LEFT_OUT = new Set(["node_modules", ".git", ".wrangler"]);

export interface Fork {
  readonly directory: string;
  /** The first block of code of a document that is described so. */
  snippet(document: string, description: string): Promise<string>;
  write(file: string, text: string): Promise<void>;
  /** Changes a text of a file, which must be there. */
  replace(file: string, before: string, after: string): Promise<void>;
  append(file: string, text: string): Promise<void>;
  /** Runs a program of `node_modules/.bin` there. Throws with what it printed when it fails. */
  run(program: string, ...options: string[]): Promise<string>;
  delete(): Promise<void>;
}

/** Copies what is checked out, with links to the packages that are installed. */
export async function createFork(): Promise<Fork> {
  const root = resolve(".");
  const directory = await mkdtemp(join(tmpdir(), "poorwill-fork-"));
  const filter = (file: string) => !LEFT_OUT.has(relative(root, file));
  await cp(root, directory, { recursive: true, filter });
  await linkPackages(join(root, "node_modules"), join(directory, "node_modules"));
  const at = (file: string) => join(directory, file);
  return {
    directory,
    snippet: async (document, description) => snippetIn(await readFile(at(document), "utf8"), description),
    write: (file, text) => writeFile(at(file), text),
    async replace(file, before, after) {
      const text = await readFile(at(file), "utf8");
      if (!text.includes(before)) throw new Error(`${file} has no ${before}`);
      await writeFile(at(file), text.replace(before, after));
    },
    append: (file, text) => appendFile(at(file), text),
    run: (program, ...options) => run(directory, join("node_modules/.bin", program), options),
    delete: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Links one by one: tests make folders beside the packages, which must be the fork's own. */
async function linkPackages(from: string, to: string): Promise<void> {
  await mkdir(to);
  const packages = await readdir(from);
  const installed = packages.filter((name) => !name.startsWith(".") || name === ".bin");
  await Promise.all(installed.map((name) => symlink(join(from, name), join(to, name))));
}

async function run(directory: string, program: string, options: readonly string[]): Promise<string> {
  const settings = { cwd: directory, env: environmentOf(directory), maxBuffer: 2 ** 26 };
  try {
    const { stdout } = await promisify(execFile)(program, [...options], settings);
    return stdout;
  } catch (failure) {
    const { stdout, stderr } = failure as { stdout: string; stderr: string };
    throw new Error(`${program} failed:\n${stdout}${stderr}`, { cause: failure });
  }
}

/** Of a run of tests of its own, which is no part of the one that starts it. */
function environmentOf(directory: string): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(
    ([name]) => !/^(?:VITEST|TEST$|POORWILL_|NODE_ENV)/.test(name),
  );
  return { ...Object.fromEntries(others), PWD: directory, NO_COLOR: "1" };
}
