import { parse } from "smol-toml";
import type { WranglerFile } from "../project/find-wrangler.ts";
import { classesAfter } from "../project/migrations.ts";
import { formatOf, type WranglerConfig } from "../project/wrangler-config.ts";
import { OBJECTS } from "../requirements.ts";
import { editedJson, type JsonEdit } from "./json-edit.ts";
import type { Plan } from "./plan.ts";
import { withLineEnd } from "./shared-files.ts";
import { bindingTables, inlineToml, migrationTable, missingRateLimits, rateLimitTables } from "./tables.ts";

/** Members of one list of wrangler's file, in either form. */
interface Addition {
  readonly path: readonly string[];
  readonly items: readonly object[];
  readonly tables: string;
}

/** What wrangler's file lacks. What stands in it stays, and what would clash with it is left to the person. */
export function addToWrangler({ file, text, config }: WranglerFile): Partial<Plan> {
  const { missing, clashes } = missingBindings(config);
  const additions = [
    bindingsAddition(missing),
    migrationAddition(config, missing),
    rateLimitAddition(config),
  ].filter(({ items }) => items.length > 0);
  const { added, byHand, result } =
    formatOf(file) === "toml" ? addTables(text, additions) : addItems(file, text, additions);
  const says = added.map(({ path }) => path.join(".")).join(", ");
  return {
    ...(added.length === 0
      ? { kept: [file] }
      : { changes: [{ path: file, text: result, kind: "added to", says }] }),
    todo: [
      ...clashes,
      ...byHand.map(
        ({ path, items }) => `${file}, into ${path.join(".")}: ${items.map(inlineToml).join(", ")}`,
      ),
      ...Object.keys(config.env ?? {})
        .filter((name) => missingBindings(config.env?.[name] ?? {}).missing.length > 0)
        .map((name) => `${file}: environments do not inherit bindings: repeat them in [env.${name}]`),
    ],
  };
}

type Binding = readonly [name: string, className: string];

function missingBindings({ durable_objects: objects }: Pick<WranglerConfig, "durable_objects">) {
  const present = objects?.bindings ?? [];
  const missing: Binding[] = [];
  const clashes: string[] = [];
  for (const [name, className] of Object.entries(OBJECTS)) {
    const binding = present.find((candidate) => candidate.name === name);
    const own = present.find((candidate) => candidate.class_name === className && candidate.name !== name);
    if (binding !== undefined && binding.class_name !== className) {
      clashes.push(
        `the binding ${name} is ${binding.class_name} of yours: choose another name, and give it to createGateway as bindings: { ${name}: "…" }`,
      );
    } else if (binding === undefined && own !== undefined) {
      clashes.push(
        `the class ${className} is yours, bound as ${own.name}: export the gateway's under another name, and bind that one as ${name}`,
      );
    } else if (binding === undefined) missing.push([name, className]);
  }
  return { missing, clashes };
}

function bindingsAddition(missing: readonly Binding[]): Addition {
  return {
    path: ["durable_objects", "bindings"],
    items: missing.map(([name, className]) => ({ name, class_name: className })),
    tables: bindingTables(missing),
  };
}

/** One migration, with a tag that is not there yet. Those that were deployed must stay as they are. */
function migrationAddition(
  { migrations = [], durable_objects: objects }: WranglerConfig,
  missing: readonly Binding[],
): Addition {
  const made = classesAfter(migrations);
  const bound = (objects?.bindings ?? [])
    .filter(({ name, class_name: className }) => Reflect.get(OBJECTS, name) === className)
    .map(({ class_name: className }) => className);
  const classes = [...bound, ...missing.map(([, className]) => className)].filter((name) => !made.has(name));
  const tag = freeTag(migrations.map((migration) => migration.tag));
  return {
    path: ["migrations"],
    items: classes.length === 0 ? [] : [{ tag, new_sqlite_classes: classes }],
    tables: migrationTable(tag, classes),
  };
}

function freeTag(taken: readonly string[]): string {
  let number = 1;
  while (taken.includes(`poorwill-v${number}`)) number += 1;
  return `poorwill-v${number}`;
}

function rateLimitAddition({ ratelimits = [] }: WranglerConfig): Addition {
  const items = missingRateLimits(ratelimits);
  return { path: ["ratelimits"], items, tables: rateLimitTables(items) };
}

interface Added {
  readonly added: readonly Addition[];
  readonly byHand: readonly Addition[];
  readonly result: string;
}

/** Tables at the end. TOML allows none where the list was written as `bindings = [ … ]`. */
function addTables(text: string, additions: readonly Addition[]): Added {
  const added: Addition[] = [];
  const byHand: Addition[] = [];
  let result = text;
  for (const addition of additions) {
    const longer = `${withLineEnd(result)}\n${addition.tables}`;
    if (isToml(longer)) {
      result = longer;
      added.push(addition);
    } else byHand.push(addition);
  }
  return { added, byHand, result };
}

function isToml(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

function addItems(file: string, text: string, additions: readonly Addition[]): Added {
  const edits = additions.flatMap(({ path, items }) =>
    items.map((value): JsonEdit => ({ path, value, append: true })),
  );
  return { added: additions, byHand: [], result: editedJson(file, text, edits) };
}
