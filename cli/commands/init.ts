import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, relative, resolve, sep } from "node:path";
import type { Command } from "commander";
import manifest from "../../package.json" with { type: "json" };
import { planInit } from "../init/init.ts";
import type { Plan } from "../init/plan.ts";
import { writeChanges } from "../init/write.ts";
import { filesOf } from "../project/files.ts";
import { printJson } from "./print.ts";

interface InitOptions {
  readonly package?: string;
  readonly json?: true;
}

/** @param name How the command is called. */
export function describeInit(command: Command, name: string): void {
  command
    .description("Write an application with a gateway, or add the gateway to the Worker of a folder.")
    .argument("[folder]", "where to; it is made if it is not there", ".")
    .option("--package <source>", "install poorwill from this tarball or git address, not from the registry")
    .option("--json", "print what was done as JSON")
    .addHelpText(
      "after",
      `
No file is overwritten: one that is there stays, or is added to. A second run changes nothing.

Example:
  $ ${name} my-app
  $ cd my-app && npm install && npm run dev`,
    )
    .action(initialize);
}

function initialize(folder: string, options: InitOptions): void {
  const root = resolve(folder);
  const plan = planInit(filesOf(root), {
    name: workerName(basename(root)),
    dependency: dependencyOn(options.package, root),
    secrets: { TOKEN_HMAC_SECRET: secret(), API_KEY: secret() },
  });
  writeChanges(root, plan.changes);
  if (options.json) printJson(withoutTexts(plan));
  else for (const line of report(plan, folder)) console.log(line);
}

/** 32 random bytes. */
function secret(): string {
  return randomBytes(32).toString("base64url");
}

/** The name of a Worker: letters in lower case, digits and dashes. */
function workerName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return name.slice(0, 63) || "gateway";
}

/** A tarball is named from the application's folder, as npm reads it. */
function dependencyOn(source: string | undefined, root: string): string {
  if (source === undefined) return `^${manifest.version}`;
  if (!existsSync(source)) return source;
  return `file:${relative(root, resolve(source)).split(sep).join("/")}`;
}

/** Without the files themselves: they hold secrets. */
function withoutTexts({ changes, ...rest }: Plan): object {
  return { changes: changes.map(({ text: _, ...change }) => change), ...rest };
}

function inShell(path: string): string {
  return /^[\w./~@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

function report({ changes, kept, todo, next }: Plan, folder: string): string[] {
  const enter = folder === "." ? [] : [`cd ${inShell(folder)}`];
  return [
    ...changes.map(({ path, kind, says }) => `${kind} ${path}${says === undefined ? "" : `: ${says}`}`),
    ...kept.map((path) => `kept ${path}`),
    ...(todo.length === 0 ? [] : ["", "Left to you:", ...todo.map((line) => `- ${line}`)]),
    ...(changes.length === 0 ? [] : ["", "Next:", ...[...enter, ...next].map((line) => `  ${line}`)]),
  ];
}
