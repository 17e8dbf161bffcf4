import * as v from "valibot";
import { ConfigProblems, parseConfig } from "../shared/config-error.ts";
import { defined } from "../shared/defined.ts";
import { findContradictions, hasHistory } from "./contradictions.ts";
import { type ChannelName, checkChannelName, NAMESPACE_NAME, type NameCheck } from "./names.ts";
import { DEFAULT_OPTIONS, optionEntries } from "./option-schema.ts";
import type { ChannelOptions } from "./options.ts";

export { hasHistory };

/** Options of the channels whose names begin with `name` and ":". Options that are not named are off. */
export interface NamespaceConfig extends Partial<ChannelOptions> {
  /** At least two letters, digits, "_", "-" or ".". */
  readonly name: string;
}

export interface NamespacesConfig {
  /** Options of channels without a namespace. Absent: there are no such channels. */
  readonly withoutNamespace?: Partial<ChannelOptions> | undefined;
  readonly namespaces?: readonly NamespaceConfig[] | undefined;
}

/** The namespaces of a configuration. */
export interface Namespaces {
  /** Undefined: there is no such namespace, error 102. */
  optionsOf(channel: ChannelName): ChannelOptions | undefined;
  /** Whether the name is valid, and matches the expression of its namespace, if that has one. */
  checkName(channel: ChannelName): NameCheck;
  /** The names of namespaces in which a client may subscribe without a token; "" for channels without a namespace. */
  readonly forClients: readonly string[];
}

export interface Namespace {
  readonly options: ChannelOptions;
  readonly regex: RegExp | undefined;
}

const withoutNamespaceSchema = v.strictObject(optionEntries);

const namespaceSchema = v.strictObject({
  name: v.pipe(v.string(), v.regex(NAMESPACE_NAME, "must have 2 or more letters, digits, _, - or .")),
  ...optionEntries,
});

/** The members of a configuration that make namespaces. */
export const namespacesEntries = {
  withoutNamespace: v.optional(withoutNamespaceSchema),
  namespaces: v.optional(v.array(namespaceSchema)),
};

const schema = v.strictObject(namespacesEntries);
type ParsedNamespaces = v.InferOutput<typeof schema>;

/**
 * Reads the namespaces of a configuration.
 *
 * @throws Error that names the key, such as `namespaces[0].history_size`, for an unknown key, a wrong value, a name
 * twice, and an option that does nothing without another one.
 * @example
 * const namespaces = createNamespaces({ namespaces: [{ name: "chat", presence: true }] });
 * namespaces.optionsOf(parseChannel("chat:42"))?.presence; // true
 */
export function createNamespaces(config: NamespacesConfig): Namespaces {
  const problems = new ConfigProblems();
  const namespaces = findIn(readNamespaces(parseConfig(schema, config, problems).parsed, problems));
  problems.throwIfAny();
  return namespaces;
}

/**
 * Namespaces by name; `withoutNamespace` has the name "". `path` is the place of this configuration in a larger one.
 */
export function readNamespaces(
  config: ParsedNamespaces,
  problems: ConfigProblems,
  path = "",
): ReadonlyMap<string, Namespace> {
  const byName = new Map<string, Namespace>();
  if (config.withoutNamespace !== undefined) {
    byName.set("", readNamespace(config.withoutNamespace, problems, `${path}withoutNamespace`));
  }
  for (const [index, { name, ...options }] of (config.namespaces ?? []).entries()) {
    const key = `${path}namespaces[${index}]`;
    if (byName.has(name)) problems.add(`${key}.name`, `there already is a namespace "${name}"`);
    byName.set(name, readNamespace(options, problems, key));
  }
  return byName;
}

export function findIn(byName: ReadonlyMap<string, Namespace>): Namespaces {
  return {
    optionsOf: ({ namespace }) => byName.get(namespace)?.options,
    checkName: (channel) => checkChannelName(channel, byName.get(channel.namespace)?.regex),
    forClients: [...byName]
      .filter(([, { options }]) => options.allow_subscribe_for_client)
      .map(([name]) => name),
  };
}

function readNamespace(
  given: v.InferOutput<typeof withoutNamespaceSchema>,
  problems: ConfigProblems,
  path: string,
): Namespace {
  const options = withDefaults(given);
  for (const { option, message } of findContradictions(options)) problems.add(`${path}.${option}`, message);
  return {
    options,
    regex: options.channel_regex === "" ? undefined : new RegExp(options.channel_regex, "u"),
  };
}

/** An option that is undefined counts as not given. */
function withDefaults(given: v.InferOutput<typeof withoutNamespaceSchema>): ChannelOptions {
  return { ...DEFAULT_OPTIONS, ...defined<Partial<ChannelOptions>>(given) };
}
