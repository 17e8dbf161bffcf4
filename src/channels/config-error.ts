import * as v from "valibot";

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
  throw new ConfigError(keyOf(issue), messageOf(issue));
}

function keyOf(issue: v.BaseIssue<unknown>): string {
  const keys = issue.path?.map((item) => item.key) ?? [];
  return keys
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .slice(1);
}

function messageOf(issue: v.BaseIssue<unknown>): string {
  return issue.type === "strict_object" && issue.expected === "never"
    ? "there is no such key"
    : issue.message;
}
