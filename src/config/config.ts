import * as v from "valibot";
import { wrongOrigins } from "../auth/allowed-origins.ts";
import type { TokenConfig } from "../auth/tokens.ts";
import type { Hooks } from "../channels/hooks.ts";
import { parseChannel, personalChannel } from "../channels/names.ts";
import {
  findIn,
  type NamespaceConfig,
  type Namespaces,
  namespacesEntries,
  readNamespaces,
} from "../channels/namespaces.ts";
import type { ChannelOptions } from "../channels/options.ts";
import { type RoomsConfig, shippedKinds } from "../rooms/shipped.ts";
import { ConfigProblems, parseConfig } from "../shared/config-error.ts";
import { type ConnectionConfig, connectionSchema, DEFAULT_CONNECTION } from "./connection.ts";
import { type EventConfig, type EventSettings, eventSchema, resolveEvents } from "./events.ts";
import {
  type OperationsConfig,
  type OperationsSettings,
  operationsSchema,
  resolveOperations,
} from "./operations.ts";
import { type ProxyConfig, type ProxySettings, proxySchema, resolveProxy } from "./proxy.ts";
import { resolveTokens, type TokenSettings, tokenSchema } from "./tokens.ts";

/** Connection settings that may be left out, those of the personal channel too. */
export type ConnectionSettings = Partial<Omit<ConnectionConfig, "personalChannel">> & {
  readonly personalChannel?: Partial<ConnectionConfig["personalChannel"]>;
};

/** Which of the room kinds that ship a deployed gateway has. */
export interface RoomSettings {
  /** `hello` (which is `/ws`), `echo`, `broadcast`. Default none; in development all are there. */
  readonly public?: RoomsConfig["public"];
}

/** Settings that can be made for all environments, and changed for one. */
interface Settings {
  readonly connection?: ConnectionSettings;
  /** Options of channels without a namespace. Absent: there are no such channels. */
  readonly withoutNamespace?: Partial<ChannelOptions>;
  readonly namespaces?: readonly NamespaceConfig[];
}

/** The configuration of the channels, as written in `src/config.ts`. Everything may be left out. */
export interface Config extends Settings {
  readonly rooms?: RoomSettings;
  readonly tokens?: TokenSettings;
  /** Keys of subscription tokens, if they differ from those of connection tokens. */
  readonly subscriptionTokens?: TokenSettings;
  /**
   * Used only where the variable ENVIRONMENT is "development". Its connection settings override those above, one by
   * one; a namespace replaces the one of the same name.
   */
  readonly development?: Settings;
  readonly hooks?: Hooks;
  /** A backend that is asked over HTTP what no hook in code decides. */
  readonly proxy?: ProxySettings;
  readonly operations?: OperationsSettings;
  /** What a backend is told of. Absent: nothing, and nothing is stored for it. */
  readonly events?: EventSettings;
}

/** The configuration with everything filled in, for one environment. Times are in seconds. */
export interface ResolvedConfig {
  readonly rooms: RoomsConfig;
  readonly connection: ConnectionConfig;
  readonly namespaces: Namespaces;
  /** For `createTokenVerifier`. */
  readonly tokens: TokenConfig;
  /** The same as `tokens` unless configured. */
  readonly subscriptionTokens: TokenConfig;
  readonly hooks: Hooks;
  readonly proxy: ProxyConfig | undefined;
  readonly events: EventConfig | undefined;
  readonly operations: OperationsConfig;
}

const settingEntries = {
  connection: v.optional(connectionSchema),
  ...namespacesEntries,
};

const hook = v.optional(v.function());
const hooksSchema = v.strictObject({
  connect: hook,
  subscribe: hook,
  publish: hook,
  rpc: hook,
  message: hook,
  refresh: hook,
  refreshSubscription: hook,
} satisfies Record<keyof Hooks, v.GenericSchema>);

const roomsSchema = v.strictObject({
  public: v.optional(v.array(v.picklist(Object.keys(shippedKinds) as RoomsConfig["public"][number][]))),
});

const schema = v.strictObject({
  ...settingEntries,
  tokens: v.optional(tokenSchema),
  subscriptionTokens: v.optional(tokenSchema),
  development: v.optional(v.strictObject(settingEntries)),
  hooks: v.optional(hooksSchema),
  proxy: v.optional(proxySchema),
  events: v.optional(eventSchema),
  operations: v.optional(operationsSchema),
  rooms: v.optional(roomsSchema),
});

/** The sections that say which namespaces there are. */
const NAMESPACE_SECTIONS = ["namespaces", "withoutNamespace", "development"];

type Parsed = v.InferOutput<typeof schema>;

/**
 * Fills in the configuration for one environment.
 *
 * @param env The bindings of the Worker: ENVIRONMENT, and the secrets that `tokens` names.
 * @throws Error that names every key that is wrong, such as `namespaces[0].history_size`.
 * @example
 * const { connection, namespaces } = resolveConfig(config, env);
 */
export function resolveConfig(config: Config, env: object): ResolvedConfig {
  const problems = new ConfigProblems();
  const { parsed, failed } = parseConfig(schema, config, problems);
  const bindings: Readonly<Record<string, unknown>> = { ...env };
  const isDevelopment = bindings.ENVIRONMENT === "development";
  const connection = resolveConnection(
    parsed.connection,
    isDevelopment ? parsed.development?.connection : undefined,
  );
  const everywhere = readNamespaces(parsed, problems);
  // Settings for development are checked in every environment, so that no mistake stays unseen.
  const development = readNamespaces(parsed.development ?? {}, problems, "development.");
  const namespaces = findIn(isDevelopment ? new Map([...everywhere, ...development]) : everywhere);
  const areNamespacesKnown = !NAMESPACE_SECTIONS.some((section) => failed.has(section));
  if (areNamespacesKnown) checkPersonalChannel(connection, namespaces, problems);
  const tokens = resolveTokens(parsed.tokens ?? {}, bindings, "tokens", problems);
  const subscriptionTokens =
    parsed.subscriptionTokens === undefined
      ? tokens
      : resolveTokens(parsed.subscriptionTokens, bindings, "subscriptionTokens", problems);
  // Lists of namespaces are the same in all environments, so they may name one that only one environment has.
  const names = areNamespacesKnown ? new Set([...everywhere.keys(), ...development.keys()]) : undefined;
  const proxy = parsed.proxy && resolveProxy(parsed.proxy, bindings, names, problems);
  const events = parsed.events && resolveEvents(parsed.events, bindings, names, problems);
  checkOrigins(bindings.ALLOWED_ORIGINS, problems);
  // Not a copy: a hook may be a method that uses `this`.
  const hooks = config.hooks ?? {};
  const rooms = { public: parsed.rooms?.public ?? [] };
  const operations = resolveOperations(parsed.operations, bindings, problems);
  problems.throwIfAny();
  return { rooms, connection, namespaces, tokens, subscriptionTokens, hooks, proxy, events, operations };
}

function resolveConnection(...settings: readonly Parsed["connection"][]): ConnectionConfig {
  const personal = settings.map((setting) => setting?.personalChannel);
  const connection = merged(DEFAULT_CONNECTION, settings) as ConnectionConfig;
  return {
    ...connection,
    // A longer message always exceeds the rate: its client would be closed with 3013, come back, and send it again.
    messageSizeLimit: Math.min(connection.messageSizeLimit, connection.byteRate.burst),
    personalChannel: merged(DEFAULT_CONNECTION.personalChannel, personal),
  };
}

/** Later settings override earlier ones; undefined counts as not set. */
function merged<T extends object>(defaults: T, settings: readonly (object | undefined)[]): T {
  const entries = settings.flatMap((setting) => Object.entries(setting ?? {}));
  return { ...defaults, ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)) };
}

function checkOrigins(origins: unknown, problems: ConfigProblems): void {
  if (typeof origins !== "string") return;
  for (const entry of wrongOrigins(origins)) problems.add("ALLOWED_ORIGINS", entry);
}

function checkPersonalChannel(
  { personalChannel: config }: ConnectionConfig,
  namespaces: Namespaces,
  problems: ConfigProblems,
): void {
  const example = config.enabled ? personalChannel(config.namespace, "user") : undefined;
  if (example === undefined || namespaces.optionsOf(parseChannel(example)) !== undefined) return;
  problems.add(
    "connection.personalChannel.namespace",
    config.namespace === ""
      ? "needs the name of a namespace, or `withoutNamespace`"
      : `there is no namespace "${config.namespace}"`,
  );
}
