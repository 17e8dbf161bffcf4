import { type Config, resolveConfig } from "../../src/config/config.ts";
import { ConfigError, type ConfigProblem } from "../../src/shared/config-error.ts";
import { defined } from "../../src/shared/defined.ts";
import { UsageError } from "../usage-error.ts";
import { readConnection } from "./connection.ts";
import { readNamespaces } from "./namespaces.ts";
import { readProxies } from "./proxies.ts";
import { Source } from "./source.ts";
import { readConnectionTokens, readSubscriptionTokens } from "./tokens.ts";
import { bindingsOf, readVariables, type Variable } from "./variables.ts";
import { insteadOf } from "./without-counterpart.ts";

export interface Migration {
  /** The option `channels` of `createGateway`. */
  readonly channels: Config;
  /** What goes into the environment of the Worker. */
  readonly variables: readonly Variable[];
  /** What is not carried over, and what there is instead. */
  readonly absent: readonly { readonly key: string; readonly instead: string }[];
  /** What was carried over and the gateway refuses, as at its start. */
  readonly refused: readonly ConfigProblem[];
}

/** Sections that stood at the top, in other words, before version 6. */
const BEFORE_6 = [
  "token_hmac_secret_key",
  "api_key",
  "allowed_origins",
  "namespaces",
  "proxy_connect_endpoint",
];

/**
 * Turns a Centrifugo configuration of version 6 into settings of this gateway.
 *
 * @throws UsageError for one of an earlier version, which has other names.
 */
export function migrate(config: Readonly<Record<string, unknown>>): Migration {
  const old = BEFORE_6.find((key) => Object.hasOwn(config, key));
  if (old !== undefined) {
    throw new UsageError(
      `"${old}" at the top is of a version before 6: convert it first (centrifugal.dev, migration to v6)`,
    );
  }
  const source = new Source(config);
  const tokens = readConnectionTokens(source);
  const subscriptionTokens = readSubscriptionTokens(source);
  const namespaces = readNamespaces(source);
  const channels = defined<Config>({
    connection: filled(readConnection(source)),
    tokens: filled(tokens.settings),
    subscriptionTokens: subscriptionTokens?.settings,
    withoutNamespace: namespaces.withoutNamespace,
    namespaces: namespaces.namespaces.length > 0 ? namespaces.namespaces : undefined,
    proxy: readProxies(source, namespaces),
  });
  const variables = [...tokens.secrets, ...(subscriptionTokens?.secrets ?? []), ...readVariables(source)];
  return {
    channels,
    variables,
    absent: source.leftovers().map(({ key, why }) => ({ key, instead: why ?? insteadOf(key) })),
    refused: refusedIn(channels, variables),
  };
}

function filled<T extends object>(section: T): T | undefined {
  return Object.keys(section).length > 0 ? section : undefined;
}

function refusedIn(channels: Config, variables: readonly Variable[]): readonly ConfigProblem[] {
  try {
    resolveConfig(channels, bindingsOf(variables));
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
