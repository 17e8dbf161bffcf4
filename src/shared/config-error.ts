import * as v from "valibot";
import { regexProblem } from "./regex/problem.ts";

/** The configuration is wrong, at each of these keys. */
export class ConfigError extends Error {
  readonly keys: readonly string[];
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(({ key, message }) => `configuration: ${key}: ${message}`).join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
    this.keys = problems.map(({ key }) => key);
  }
}

/** What is wrong at one key. */
export interface ConfigProblem {
  readonly key: string;
  readonly message: string;
}

/** Collects what is wrong, so that the operator sees all of it at once. */
export class ConfigProblems {
  readonly #problems: ConfigProblem[] = [];

  add(key: string, message: string): void {
    this.#problems.push({ key, message });
  }

  /** @throws ConfigError that names every key, when anything is wrong. */
  throwIfAny(): void {
    if (this.#problems.length > 0) throw new ConfigError(this.#problems);
  }
}

/** The valid sections of a configuration, and the names of the others. */
export interface ParsedConfig<Parsed> {
  readonly parsed: Parsed;
  readonly failed: ReadonlySet<unknown>;
}

/** Reads a configuration of optional sections. Wrong ones are left out, and `problems` says what is wrong. */
export function parseConfig<Schema extends v.GenericSchema>(
  schema: Schema,
  config: object,
  problems: ConfigProblems,
): ParsedConfig<v.InferOutput<Schema>> {
  const result = v.safeParse(schema, config);
  if (result.success) return { parsed: result.output, failed: new Set() };
  const failed = new Set<unknown>();
  for (const issue of result.issues) {
    const path = issue.path?.map(({ key }) => key) ?? [];
    failed.add(path[0]);
    problems.add(keyOf(path), messageOf(issue, schema, path));
  }
  const sound = Object.entries(config).filter(([section]) => !failed.has(section));
  return { parsed: v.parse(schema, Object.fromEntries(sound)), failed };
}

/** A number of seconds. The message names the unit, because Centrifugo's configuration has texts such as "10s". */
export const seconds = v.number(
  ({ received }) => `Invalid type: Expected number (seconds) but received ${received}`,
);

/** A regular expression that JavaScript accepts with these flags, and that is fast on every text. */
export function safeRegex(flags: "" | "u") {
  return v.pipe(
    v.string(),
    v.check(
      (source) => regexProblem(source, flags) === undefined,
      ({ input }) => regexProblem(input, flags) ?? "",
    ),
  );
}

/**
 * Adds a problem for each listed namespace that is not configured. `names` are the configured ones; undefined when they
 * could not be read.
 */
export function checkNamespaces(
  listed: readonly string[] | undefined,
  names: ReadonlySet<string> | undefined,
  key: string,
  problems: ConfigProblems,
): void {
  for (const [index, name] of (listed ?? []).entries()) {
    if (names?.has(name) !== false) continue;
    problems.add(
      `${key}[${index}]`,
      name === "" ? "there is no `withoutNamespace`" : `there is no namespace "${name}"`,
    );
  }
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

/** The parts of a schema that tell which keys it allows. */
interface SchemaParts {
  readonly kind: "schema";
  readonly entries?: Readonly<Record<string, SchemaParts>>;
  readonly item?: SchemaParts;
  /** The schema within an optional one. */
  readonly wrapped?: SchemaParts;
}

/** The keys that are allowed at a path. */
function keysAt(schema: SchemaParts, path: readonly unknown[]): string[] {
  const found = path.reduce<SchemaParts | undefined>((parts, key) => {
    const inner = parts?.wrapped ?? parts;
    return typeof key === "number" ? inner?.item : inner?.entries?.[String(key)];
  }, schema);
  return Object.keys((found?.wrapped ?? found)?.entries ?? {});
}
