import { type ParseError, parse as parseJsonc, printParseErrorCode } from "jsonc-parser";
import { parse as parseToml, TomlError } from "smol-toml";
import * as v from "valibot";
import { UsageError } from "../usage-error.ts";

const text = v.optional(v.string());
const texts = v.optional(v.array(v.string()));

const objectBinding = v.object({ name: v.string(), class_name: v.string(), script_name: text });

/** What may differ between environments, and is not inherited by them. */
const ownEntries = {
  durable_objects: v.optional(v.object({ bindings: v.optional(v.array(objectBinding)) })),
  ratelimits: v.optional(
    v.array(v.object({ name: v.string(), namespace_id: v.union([v.string(), v.number()]) })),
  ),
  queues: v.optional(v.object({ producers: v.optional(v.array(v.object({ binding: v.string() }))) })),
  vars: v.optional(v.record(v.string(), v.unknown())),
};

const migration = v.object({
  tag: v.string(),
  new_classes: texts,
  new_sqlite_classes: texts,
  renamed_classes: v.optional(v.array(v.object({ from: v.string(), to: v.string() }))),
  deleted_classes: texts,
  transferred_classes: v.optional(v.array(v.object({ to: v.string() }))),
});

const assets = v.object({
  directory: text,
  binding: text,
  run_worker_first: v.optional(v.union([v.boolean(), v.array(v.string())])),
});

const environmentEntries = {
  ...ownEntries,
  main: text,
  compatibility_date: text,
  compatibility_flags: texts,
  keep_names: v.optional(v.boolean()),
  assets: v.optional(assets),
  migrations: v.optional(v.array(migration)),
};

/** What the gateway has to do with. Everything else is the business of wrangler. */
const schema = v.object({
  ...environmentEntries,
  env: v.optional(v.record(v.string(), v.object(environmentEntries))),
});

export type WranglerConfig = v.InferOutput<typeof schema>;
export type Environment = Omit<WranglerConfig, "env">;
export type Migration = v.InferOutput<typeof migration>;
export type Format = "toml" | "jsonc";

/** The names that wrangler looks for, in its order. */
export const WRANGLER_FILES = ["wrangler.json", "wrangler.jsonc", "wrangler.toml"] as const;

export function formatOf(file: string): Format {
  return file.endsWith(".toml") ? "toml" : "jsonc";
}

/** @throws UsageError that names the file, and the line or the key. */
export function parseWrangler(file: string, source: string): WranglerConfig {
  const read = v.safeParse(
    schema,
    formatOf(file) === "toml" ? readToml(file, source) : readJsonc(file, source),
  );
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw new UsageError(`${file}: ${v.getDotPath(issue) ?? "the file"}: ${issue.message}`);
}

/** The configuration of one environment, with what it inherits; that of the top level for none. */
export function environmentOf({ env = {}, ...top }: WranglerConfig, name: string | undefined): Environment {
  if (name === undefined) return top;
  const own = Object.hasOwn(env, name) ? env[name] : undefined;
  if (own === undefined) {
    const names = Object.keys(env);
    throw new UsageError(
      `there is no environment "${name}"${names.length === 0 ? "" : `; there are ${names.join(", ")}`}`,
    );
  }
  const inherited = Object.entries(top).filter(([key]) => !Object.hasOwn(ownEntries, key));
  return { ...Object.fromEntries(inherited), ...own };
}

function readToml(file: string, source: string): unknown {
  try {
    return parseToml(source);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new UsageError(`${file}:${error.line}: ${error.message.split("\n")[0]}`);
  }
}

function readJsonc(file: string, source: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parseJsonc(source, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error === undefined) return value;
  const line = source.slice(0, error.offset).split("\n").length;
  throw new UsageError(`${file}:${line}: ${printParseErrorCode(error.error)}`);
}
