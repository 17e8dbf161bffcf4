import { parse } from "dotenv";
import type { ReadFile } from "../project/find-wrangler.ts";
import type { InitRequest, Plan } from "./plan.ts";

/** A file of our own. One that is there stays as it is. */
export function created(read: ReadFile, path: string, text: string): Partial<Plan> {
  return read(path) === undefined ? { changes: [{ path, text, kind: "created" }] } : { kept: [path] };
}

/** The secrets of development, and the lines that keep them out of git. */
export function addSecrets(read: ReadFile, { secrets }: InitRequest): Partial<Plan>[] {
  const present = parse(read(".dev.vars") ?? "");
  const missing = Object.entries(secrets).filter(([name]) => !Object.hasOwn(present, name));
  const ignored = new Set((read(".gitignore") ?? "").split("\n").map((line) => line.trim()));
  return [
    appended(
      read,
      ".dev.vars",
      missing.map(([name, value]) => [name, `${name}="${value}"`]),
    ),
    appended(
      read,
      ".gitignore",
      IGNORED.filter(({ names }) => !names.some((name) => ignored.has(name))).map(
        ({ names: [line = ""] }) => [line, line],
      ),
    ),
  ];
}

/** What is not committed, and other lines that say the same. */
const IGNORED = [
  { names: ["node_modules", "node_modules/", "/node_modules"] },
  { names: [".wrangler", ".wrangler/", "/.wrangler"] },
  { names: [".dev.vars*", ".dev.vars", "/.dev.vars"] },
];

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
