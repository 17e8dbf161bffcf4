import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { PageFile, PageFiles } from "../../src/package/serve-files.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};
const HEADERS = "_headers";
const NOT_FOUND = "404.html";

/** The names of a page's files, without those that a build has not finished. */
export function filesOfPage(folder: string): string[] {
  return readdirSync(folder).filter((name) => name === HEADERS || extname(name) in TYPES);
}

/** Reads the files of a page, as the package has them in its code. */
export function readPageFiles(folder: string): PageFiles {
  const names = filesOfPage(folder).filter((name) => name !== HEADERS && name !== NOT_FOUND);
  return {
    files: names.map((name) => readPageFile(folder, name)),
    notFound: readPageFile(folder, NOT_FOUND),
    headers: headersIn(readFileSync(join(folder, HEADERS), "utf8")),
  };
}

function readPageFile(folder: string, name: string): PageFile {
  const type = TYPES[extname(name)];
  if (type === undefined) throw new Error(`${name} has no content type`);
  const text = readFileSync(join(folder, name), "utf8");
  const hash = createHash("sha256").update(text).digest("base64url").slice(0, 22);
  return { path: name === "index.html" ? "/" : `/${name}`, type, etag: `"${hash}"`, text };
}

/** The headers of every path. Rules for some paths only are not understood. */
function headersIn(rules: string): Record<string, string> {
  const [pattern, ...lines] = rules.trimEnd().split("\n");
  if (pattern !== "/*" || !lines.every((line) => /^\s+[\w-]+: ./.test(line)))
    throw new Error(`${HEADERS} must have headers for /* and nothing else`);
  return Object.fromEntries(lines.map((line) => line.trim().split(/: (.*)/s, 2)));
}
