import { posix } from "node:path";
import type { ReadFile } from "./find-wrangler.ts";
import { CODE, literalAtStart, membersAtStart } from "./literals.ts";

/** What can be seen of a Worker in its source, without running it. */
export interface WorkerSource {
  /** Names that it exports; undefined where it passes on all of another module, whose names are not seen. */
  readonly exported: ReadonlySet<string> | undefined;
  /** An option of its `createGateway`: `absent`, or its value, in which `CODE` stands for what is computed. */
  readonly option: (name: string) => { readonly absent: true } | { readonly value: unknown };
}

/** A module, by its path in the folder. Comments are gone: they may hold what was there once. */
interface Module {
  readonly path: string;
  readonly source: string;
}

const COMMENTS = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
const PASSED_ON = /\bexport\s*\*\s*from\b/;
const LISTS = /\bexport\s*(?:const|let|var)?\s*\{([^}]*)\}/g;
const DECLARED = /\bexport\s+(?:abstract\s+)?(?:class|const|let|var)\s+([\w$]+)/g;
const RELATIVE = /\bfrom\s*["'](\.[^"']*)["']/g;
/** Up to its argument; it may have type arguments. */
const CALL = /\bcreateGateway\s*(?:<[\s\S]*?>\s*)?\(\s*/;
const VARIABLE = /^\s*([A-Za-z_$][\w$]*)\s*[,})]/;

/** Whether a module makes a gateway. */
export function makesGateway(source: string): boolean {
  return CALL.test(source);
}

/** Undefined where there is no such file. The gateway may be made in it, or in a module that it imports. */
export function readWorkerSource(read: ReadFile, main: string): WorkerSource | undefined {
  const worker = moduleAt(read, main);
  if (worker === undefined) return undefined;
  const maker = [worker, ...importedBy(read, worker)].find(({ source }) => makesGateway(source));
  return {
    exported: PASSED_ON.test(worker.source) ? undefined : exportedNames(worker.source),
    option: (name) => (maker === undefined ? { value: CODE } : optionIn(read, maker, name)),
  };
}

function optionIn(read: ReadFile, module: Module, name: string): ReturnType<WorkerSource["option"]> {
  const call = CALL.exec(module.source);
  const argument = call === null ? "" : module.source.slice(call.index + call[0].length);
  if (argument.startsWith(")")) return { absent: true };
  const options = valueAt(read, module, argument);
  const members = membersAtStart(options.text);
  if (members === undefined) return { value: CODE };
  const member = members.sources.get(name);
  if (member === undefined) return members.isOpen ? { value: CODE } : { absent: true };
  return { value: literalAtStart(valueAt(read, options.module, member).text) ?? CODE };
}

/** Imports may leave out the ending, or name that of the output. */
function moduleAt(read: ReadFile, path: string): Module | undefined {
  for (const candidate of [path, `${path}.ts`, path.replace(/\.js$/, ".ts")]) {
    const text = read(candidate);
    // Texts stay as they are: an address holds `//` too.
    if (text !== undefined) {
      return { path: candidate, source: text.replace(COMMENTS, (_, literal?: string) => literal ?? " ") };
    }
  }
  return undefined;
}

function importedBy(read: ReadFile, { path, source }: Module): Module[] {
  const folder = posix.dirname(path);
  return [...source.matchAll(RELATIVE)].flatMap(
    ([, from = ""]) => moduleAt(read, posix.join(folder, from)) ?? [],
  );
}

/** `export { Room as Hall }`, `export const { Room: Hall } = gateway` and `export class Hall`: all of them export Hall. */
function exportedNames(source: string): ReadonlySet<string> {
  const listed = [...source.matchAll(LISTS)].flatMap(([, names = ""]) =>
    names.split(",").map((name) =>
      name
        .split(/\sas\s|:/)
        .at(-1)
        ?.trim(),
    ),
  );
  const declared = [...source.matchAll(DECLARED)].map(([, name]) => name);
  return new Set([...listed, ...declared].filter((name) => name !== undefined));
}

interface Value {
  readonly module: Module;
  /** Its source, with all that follows it. */
  readonly text: string;
}

/** A value as it stands in a module, or where the variable that stands there gets it: in this module, or one that it imports. */
function valueAt(read: ReadFile, module: Module, text: string): Value {
  const name = VARIABLE.exec(text)?.[1];
  if (name === undefined) return { module, text: text.trimStart() };
  for (const candidate of [module, ...importedBy(read, module)]) {
    const declaration = new RegExp(`\\b(?:const|let|var)\\s+${name}\\s*(?::[^=]+)?=\\s*`).exec(
      candidate.source,
    );
    if (declaration !== null) {
      return { module: candidate, text: candidate.source.slice(declaration.index + declaration[0].length) };
    }
  }
  return { module, text: "" };
}
