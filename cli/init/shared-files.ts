import { readDevVars } from "../project/dev-vars.ts";
import type { ReadFile } from "../project/find-wrangler.ts";
import { isIgnored } from "../project/git-ignore.ts";
import type { InitRequest, Plan } from "./plan.ts";

/** A file of our own. One that is there stays as it is. */
export function created(read: ReadFile, path: string, text: string): Partial<Plan> {
  return read(path) === undefined ? { changes: [{ path, text, kind: "created" }] } : { kept: [path] };
}

/**
 * The secrets of development, and the lines that keep them out of git. Beside a `.env` they are no `.dev.vars`: wrangler
 * would read that one only.
 */
export function addSecrets(read: ReadFile, { secrets }: InitRequest): Partial<Plan>[] {
  const present = readDevVars(read, undefined);
  const isEnv = present !== undefined && present.file !== ".dev.vars";
  const file = isEnv ? ".env.local" : ".dev.vars";
  const missing = Object.entries(secrets).filter(([name]) => !Object.hasOwn(present?.values ?? {}, name));
  const ignored = [
    ["node_modules", "node_modules"],
    [".wrangler", ".wrangler"],
    [file, isEnv ? ".env*.local" : ".dev.vars*"],
  ] as const;
  return [
    appended(
      read,
      file,
      missing.map(([name, value]) => [name, `${name}="${value}"`]),
    ),
    appended(
      read,
      ".gitignore",
      ignored.filter(([name]) => !isIgnored(read(".gitignore"), name)).map(([, line]) => [line, line]),
    ),
  ];
}

/** Lines at the end of a file, each with what it is called. */
function appended(
  read: ReadFile,
  path: string,
  lines: readonly (readonly [name: string, line: string])[],
): Partial<Plan> {
  const before = read(path);
  if (lines.length === 0) return { kept: [path] };
  const text = withLineEnd(before ?? "") + lines.map(([, line]) => `${line}\n`).join("");
  if (before === undefined) return { changes: [{ path, text, kind: "created" }] };
  return { changes: [{ path, text, kind: "added to", says: lines.map(([name]) => name).join(", ") }] };
}

export function withLineEnd(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
