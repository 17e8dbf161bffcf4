import * as v from "valibot";
import { regexProblem } from "../regex/problem.ts";

/** The configuration is wrong at one key. */
export class ConfigError extends Error {
  readonly key: string;

  constructor(key: string, message: string) {
    super(`configuration: ${key}: ${message}`);
    this.name = "ConfigError";
    this.key = key;
  }
}

/** Reads a part of the configuration; throws a ConfigError that names the first wrong key. */
export function parseConfig<Schema extends v.GenericSchema>(
  schema: Schema,
  config: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, config);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = issue.path?.map(({ key }) => key) ?? [];
  throw new ConfigError(keyOf(path), messageOf(issue, schema, path));
}

/** A number of seconds. Whoever comes from a configuration where times are texts is told the unit. */
export const seconds = v.number(
  ({ received }) => `Invalid type: Expected number (seconds) but received ${received}`,
);

/** A regular expression that JavaScript takes with these flags, and that no text can keep busy. */
export function safeRegex(flags: "" | "u") {
  return v.pipe(
    v.string(),
    v.check(
      (source) => regexProblem(source, flags) === undefined,
      ({ input }) => regexProblem(input, flags) ?? "",
    ),
  );
}

/** Throws where a list of namespaces names one that is not configured; `names` are those that are. */
export function checkNamespaces(
  listed: readonly string[] | undefined,
  names: ReadonlySet<string>,
  key: string,
): void {
  const index = listed?.findIndex((name) => !names.has(name)) ?? -1;
  const missing = listed?.[index];
  if (missing === undefined) return;
  const problem = missing === "" ? "there is no `withoutNamespace`" : `there is no namespace "${missing}"`;
  throw new ConfigError(`${key}[${index}]`, problem);
}

function keyOf(path: readonly unknown[]): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .slice(1);
}

function messageOf(issue: v.BaseIssue<unknown>, schema: v.GenericSchema, path: readonly unknown[]): string {
  if (issue.type !== "strict_object" || issue.expected !== "never") return issue.message;
  return `there is no such key; allowed are ${keysAt(schema, path.slice(0, -1)).join(", ")}`;
}

/** What is looked at of a schema to find the keys that it allows. */
interface SchemaParts {
  readonly kind: "schema";
  readonly entries?: Readonly<Record<string, SchemaParts>>;
  readonly item?: SchemaParts;
  /** Of an optional one. */
  readonly wrapped?: SchemaParts;
}

/** The keys that may stand where a path leads to. */
function keysAt(schema: SchemaParts, path: readonly unknown[]): string[] {
  const found = path.reduce<SchemaParts | undefined>((parts, key) => {
    const inner = parts?.wrapped ?? parts;
    return typeof key === "number" ? inner?.item : inner?.entries?.[String(key)];
  }, schema);
  return Object.keys((found?.wrapped ?? found)?.entries ?? {});
}
