/** A project of somebody else, in a folder of its own. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { runIn } from "./run.ts";

/** What a project has beside the gateway. They are the same here as everywhere, so they are linked. */
const TOOLS = [
  "wrangler",
  "typescript",
  "vitest",
  "@cloudflare/vitest-plugin",
  "@cloudflare/workers-types",
  "@types/node",
];

export interface Project {
  readonly directory: string;
  /** Runs a program there. Throws with what it printed when it fails. */
  run(program: string, ...options: string[]): Promise<string>;
  delete(): Promise<void>;
}

/** An empty folder. */
export async function emptyProject(): Promise<Project> {
  const directory = await mkdtemp(join(tmpdir(), "poorwill-project-"));
  return {
    directory,
    run: (program, ...options) => runIn(directory, program, ...options),
    delete: () => rm(directory, { recursive: true, force: true }),
  };
}

/** A project with these files, into which a tarball is installed. */
export async function projectWith(
  files: Readonly<Record<string, string>>,
  tarball: string,
): Promise<Project> {
  const project = await emptyProject();
  const manifest = JSON.stringify({ name: "application", private: true, type: "module" });
  for (const [file, text] of Object.entries({ "package.json": manifest, ...files })) {
    await mkdir(dirname(join(project.directory, file)), { recursive: true });
    await writeFile(join(project.directory, file), text);
  }
  await project.run("npm", "install", "--no-audit", "--no-fund", "--prefer-offline", tarball);
  for (const tool of TOOLS) await link(project.directory, tool);
  return project;
}

async function link(directory: string, tool: string): Promise<void> {
  const place = join(directory, "node_modules", tool);
  await mkdir(dirname(place), { recursive: true });
  await symlink(resolve("node_modules", tool), place);
}
