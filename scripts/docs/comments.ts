import { readFileSync } from "node:fs";

/** A comment of documentation and the key that follows it, as `key: value` or `readonly key: Type`. */
const COMMENTED_KEY = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s+(?:readonly )?(\w+)\??:/g;

/** The comments of the keys in one exported object or interface of a file, each as one line of text. */
export function commentsOf(file: string, name: string): ReadonlyMap<string, string> {
  const source = readFileSync(file, "utf8");
  const start = source.search(new RegExp(`^export (const|interface) ${name}\\b`, "m"));
  if (start === -1) throw new Error(`${file} exports no ${name}`);
  const body = source.slice(start, source.indexOf("\n}", start));
  return new Map(
    [...body.matchAll(COMMENTED_KEY)].map(([, comment = "", key = ""]) => [key, textOf(comment)]),
  );
}

function textOf(comment: string): string {
  const lines = comment.split("\n").map((line) => line.replace(/^\s*\*?\s*/, "").trim());
  return lines.filter((line) => line !== "").join(" ");
}
