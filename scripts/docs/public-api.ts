import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "tsdown";
import config, { entries } from "../../tsdown.config.ts";

const COMMENT = /^ *\/\*\*(?:[^*]|\*(?!\/))*\*\/\n/gm;
const DECLARED = /^export (?:declare )?(?:abstract )?(?:const|function|class|interface|type) (\w+)/gm;
const LIST = /^export (?:type )?\{([^}]*)\};?\n?/gm;
const IMPORT = /^import .*\n/gm;
/** Names that are taken twice get a number, which says nothing. */
const NUMBER = /(?<=\w)\$\d+\b/g;

/**
 * The declarations that users of the package can see, without comments, and which names each entry has: what changes here
 * changes for them.
 */
export async function publicApi(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "poorwill-api-"));
  try {
    await build({
      ...config,
      config: false,
      outDir: folder,
      dts: { emitDtsOnly: true, sourcemap: false },
      hooks: {},
      logLevel: "error",
    });
    const files = globSync("**/*.d.ts", { cwd: folder }).sort();
    const texts = new Map(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
    return listing(texts);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function listing(texts: ReadonlyMap<string, string>): string {
  const names = Object.keys(entries).map((entry) => {
    const module = entry === "index" ? "poorwill" : `poorwill/${entry}`;
    return `// ${module}: ${exportsOf(texts.get(`${entry}.d.ts`) ?? "").join(", ")}`;
  });
  const declarations = [...texts.values()].map(declarationsIn).filter((text) => text !== "");
  return `// What is public: npm run docs\n\n${names.join("\n")}\n\n${declarations.join("\n\n")}\n`;
}

/** The names that a module exports, in alphabetical order. */
function exportsOf(text: string): string[] {
  const listed = [...text.matchAll(LIST)].flatMap(([, names = ""]) => names.split(","));
  const declared = [...text.matchAll(DECLARED)].map(([, name = ""]) => name);
  const names = listed.map((name) =>
    name
      .trim()
      .replace(/^type /, "")
      .replace(/^.* as /, ""),
  );
  return [...new Set([...declared, ...names])].filter((name) => name !== "").sort();
}

function declarationsIn(text: string): string {
  const bare = `${text}\n`.replace(COMMENT, "").replace(IMPORT, "").replace(LIST, "").replace(NUMBER, "");
  return bare.trim();
}
