import { RATE_LIMITS } from "../requirements.ts";

/** Tables of wrangler.toml. */

export function bindingTables(bindings: readonly (readonly [name: string, className: string])[]): string {
  const tables = bindings.map(
    ([name, className]) => `[[durable_objects.bindings]]\nname = "${name}"\nclass_name = "${className}"\n`,
  );
  return tables.join("\n");
}

export function migrationTable(tag: string, classes: readonly string[]): string {
  return `[[migrations]]\ntag = "${tag}"\nnew_sqlite_classes = [${classes.map((name) => `"${name}"`).join(", ")}]\n`;
}

/** A limit of requests, as wrangler's file has it. */
export interface RateLimitBinding {
  readonly name: string;
  readonly namespace_id: string;
  readonly simple: { readonly limit: number; readonly period: number };
}

/** The limits that are not there yet, each with a number that no other one has. */
export function missingRateLimits(
  present: readonly { readonly name: string; readonly namespace_id: string | number }[],
): RateLimitBinding[] {
  const taken = new Set(present.map(({ namespace_id: number }) => String(number)));
  return RATE_LIMITS.filter(({ name }) => !present.some((limit) => limit.name === name)).map(
    ({ name, namespaceId, limit, period }) => {
      let number = namespaceId;
      while (taken.has(String(number))) number += 1;
      taken.add(String(number));
      return { name, namespace_id: String(number), simple: { limit, period } };
    },
  );
}

export function rateLimitTables(limits: readonly RateLimitBinding[]): string {
  const tables = limits.map(
    ({ name, namespace_id: number, simple: { limit, period } }) =>
      `[[ratelimits]]\nname = "${name}"\nnamespace_id = "${number}"\nsimple = { limit = ${limit}, period = ${period} }\n`,
  );
  return tables.join("\n");
}

/** A value within a list that TOML has in one place, as in `bindings = [{ name = "ROOM" }]`. */
export function inlineToml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineToml).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${key} = ${inlineToml(member)}`);
  return `{ ${members.join(", ")} }`;
}
