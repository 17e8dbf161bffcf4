import { type ParseError, parse } from "jsonc-parser";
import manifest from "../../package.json" with { type: "json" };
import type { ReadFile } from "../project/find-wrangler.ts";
import { UsageError } from "../usage-error.ts";
import { editedJson, type JsonEdit } from "./json-edit.ts";
import type { InitRequest, Plan } from "./plan.ts";

/** Tools of a new application, in the versions that the gateway is tested with. `node` runs them also where npm's is older. */
const TOOLS = ["@cloudflare/workers-types", "node", "typescript", "wrangler"] as const;
/** Packages that have to run something when they are installed. */
const WITH_SCRIPTS = ["node", "esbuild", "workerd", "sharp"];

/**
 * The package of an application, or what is missing in the one that is there: the dependency, and for a new application
 * its scripts and tools. What is there stays.
 */
export function addPackage(
  read: ReadFile,
  { name, dependency }: InitRequest,
  to: "application" | "worker",
): Partial<Plan> {
  const path = "package.json";
  const text = read(path);
  const wanted = to === "application" ? toolsEdits(dependency) : [dependencyEdit(dependency)];
  if (text === undefined) {
    const edits = to === "application" ? [...identityEdits(name), ...wanted] : wanted;
    return { changes: [{ path, text: editedJson(path, "{}\n", edits), kind: "created" }] };
  }
  const present = parsed(path, text);
  const missing = wanted.filter(({ path: keys }) => valueAt(present, keys) === undefined);
  const todo = scriptsTodo(present, wanted);
  if (missing.length === 0) return { kept: [path], todo };
  const says = missing.map(({ path: keys }) => keys.join(".")).join(", ");
  return { changes: [{ path, text: editedJson(path, text, missing), kind: "added to", says }], todo };
}

/** Scripts of the same name that do something else. */
function scriptsTodo(present: unknown, wanted: readonly JsonEdit[]): string[] {
  return wanted
    .filter(({ path: [section] }) => section === "scripts")
    .map(({ path, value }) => ({ path, value, own: valueAt(present, path) }))
    .filter(({ own, value }) => own !== undefined && own !== value)
    .map(({ path, value }) => `package.json: ${path.join(".")} is yours; for the gateway run: npx ${value}`);
}

/** @throws UsageError where it is not JSON: an edit could then do harm. */
function parsed(path: string, text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors);
  if (errors.length > 0) throw new UsageError(`${path} is not JSON, and cannot be added to`);
  return value;
}

function dependencyEdit(dependency: string): JsonEdit {
  return { path: ["dependencies", "poorwill"], value: dependency };
}

/** A package that is there keeps what it says of itself: `type` changes how Node reads the files that it has. */
function identityEdits(name: string): JsonEdit[] {
  return [
    { path: ["name"], value: name },
    { path: ["private"], value: true },
    { path: ["type"], value: "module" },
  ];
}

function toolsEdits(dependency: string): JsonEdit[] {
  return [
    { path: ["scripts", "dev"], value: "wrangler dev --var ENVIRONMENT:development" },
    { path: ["scripts", "deploy"], value: "wrangler deploy" },
    dependencyEdit(dependency),
    ...TOOLS.map((tool) => ({ path: ["devDependencies", tool], value: manifest.devDependencies[tool] })),
    ...WITH_SCRIPTS.map((script) => ({ path: ["allowScripts", script], value: true })),
  ];
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (part, key) => (typeof part === "object" && part !== null ? Reflect.get(part, key) : undefined),
    value,
  );
}
