import * as v from "valibot";
import { createTokenVerifier } from "../auth/tokens.ts";
import { Shedding } from "../budget/shedding.ts";
import { type Config, resolveConfig } from "../config/config.ts";
import { Relays } from "../relay/relays.ts";
import type { RoomHandler } from "../rooms/handler.ts";
import { resolveOptions } from "../rooms/options.ts";
import { type RoomKinds, withPublicKinds } from "../rooms/shipped.ts";
import { ConfigError, ConfigProblems, parseConfig } from "../shared/config-error.ts";
import { BINDINGS, type BindingNames, readEnvBy } from "./bindings.ts";
import type { Gateway } from "./gateway.ts";
import { Refusals } from "./refusals.ts";

/**
 * Answers requests, as the `fetch` of a Worker does. It is the type of a method: TypeScript would refuse a function whose
 * `env` is that of the application.
 */
export type Fetch = {
  fetch(request: Request, env: object, ctx: ExecutionContext): Response | Promise<Response>;
}["fetch"];

/** Answers a request for a file of a page; `path` begins where the gateway is mounted. Undefined: it has no such file. */
export type ServePage = (
  request: Request,
  path: string,
) => Response | undefined | Promise<Response | undefined>;

/** What `createGateway` takes. Everything may be left out. */
export interface GatewayOptions<Rooms extends RoomKinds = RoomKinds> {
  /** The room kinds by name, as in `/rooms/:kind/:room`. They are there in every environment. Default none. */
  readonly rooms?: Rooms;
  /** Who may connect to channels, which channels there are, and what may be done in them. */
  readonly channels?: Config;
  /** Where the gateway's addresses begin, such as `/realtime`. Default `""`: at the root. */
  readonly path?: string;
  /** Names of bindings that differ from `ROOM`, `HUB`, `DIRECTORY`, `ASSETS`, `CONNECT_RATE`, `API_RATE`, `ANALYTICS`. */
  readonly bindings?: BindingNames;
  /** The page to try the gateway with, at `path`: `servePage` of `poorwill/console`. Default none. */
  readonly console?: ServePage;
  /** What answers every other request: a function, or anything with a `fetch`. Default: the files of `ASSETS`, where bound. */
  readonly fallback?: Fetch | { readonly fetch: Fetch };
  /** What is there besides where the variable ENVIRONMENT is "development". */
  readonly development?: { readonly rooms?: RoomKinds };
}

/** Valibot's `record` skips names such as `constructor`: `checkKinds` looks at each kind. */
const kinds = v.optional(v.looseObject({}));
const bindingName = v.optional(v.pipe(v.string(), v.nonEmpty()));

const schema = v.strictObject({
  rooms: kinds,
  channels: v.optional(v.looseObject({})),
  path: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        /^(?:\/[\w~-][\w.~-]*)*$/,
        'must be "" or begin with "/", as in "/realtime", and not end with one',
      ),
    ),
  ),
  bindings: v.optional(
    v.strictObject(
      Object.fromEntries(BINDINGS.map((name) => [name, bindingName])) as Record<
        (typeof BINDINGS)[number],
        typeof bindingName
      >,
    ),
  ),
  console: v.optional(v.function()),
  fallback: v.optional(v.union([v.function(), v.looseObject({ fetch: v.function() })])),
  development: v.optional(v.strictObject({ rooms: kinds })),
} satisfies Record<keyof GatewayOptions, v.GenericSchema>);

/** A gateway, and where its Worker has it. */
export interface Deployment {
  readonly gateway: Gateway;
  readonly path: string;
  readonly console: ServePage | undefined;
  readonly fallback: Fetch | undefined;
}

/**
 * Makes a gateway of options, for one environment.
 *
 * @param env The bindings of the Worker.
 * @throws ConfigError that names every key that is wrong, such as `namespaces[0].history_size`.
 */
export function resolveGateway(options: GatewayOptions, env: object): Deployment {
  const problems = new ConfigProblems();
  if (!isObject(options)) problems.add("options", "must be an object");
  else parseConfig(schema, options, problems);
  problems.throwIfAny();
  const { rooms = {}, channels = {}, path = "", bindings = {}, development = {} } = options;
  checkKinds(rooms, "rooms", problems);
  checkKinds(development.rooms ?? {}, "development.rooms", problems);
  const readEnv = readEnvBy(bindings);
  const config = collect(problems, () => resolveConfig(channels, env));
  checkBindings(env, bindings, config?.operations.directory === true, problems);
  problems.throwIfAny();
  if (config === undefined) throw new ConfigError([]);
  const isDevelopment = (env as { readonly ENVIRONMENT?: string }).ENVIRONMENT === "development";
  return {
    gateway: {
      kinds: withPublicKinds({ ...(isDevelopment ? development.rooms : undefined), ...rooms }, config.rooms),
      config,
      readEnv,
      lastGood: new Map(),
      refusals: new Refusals(),
      tokens: createTokenVerifier(config.tokens),
      relays: new Relays(),
      shedding: new Shedding(),
    },
    path,
    console: options.console,
    fallback: fetchOf(options.fallback),
  };
}

function fetchOf(fallback: GatewayOptions["fallback"]): Fetch | undefined {
  if (fallback === undefined || typeof fallback === "function") return fallback;
  return (request, env, ctx) => fallback.fetch(request, env, ctx);
}

function collect<Result>(problems: ConfigProblems, resolve: () => Result): Result | undefined {
  try {
    return resolve();
  } catch (failure) {
    if (!(failure instanceof ConfigError)) throw failure;
    for (const { key, message } of failure.problems) problems.add(key, message);
    return undefined;
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function checkKinds(rooms: RoomKinds, section: string, problems: ConfigProblems): void {
  if (!isObject(rooms)) problems.add(section, "must be an object: its keys are the names of the kinds");
  for (const [kind, handler] of Object.entries(rooms)) {
    const key = `${section}.${kind}`;
    if (!/^[\w-]+$/.test(kind)) problems.add(key, 'the name of a room kind has letters, digits, "_" and "-"');
    checkHandler(handler, key, problems);
  }
}

const FUNCTIONS = [
  "message",
  "upgrade",
  "open",
  "close",
  "error",
  "tick",
  "start",
  "request",
  "alarm",
] as const satisfies readonly (keyof RoomHandler)[];

function checkHandler(handler: RoomHandler, key: string, problems: ConfigProblems): void {
  if (!isObject(handler)) {
    problems.add(key, "must be an object, the handler of the kind");
    return;
  }
  for (const name of FUNCTIONS) {
    const isMissing = handler[name] === undefined && name !== "message";
    if (!isMissing && typeof handler[name] !== "function")
      problems.add(`${key}.${name}`, "must be a function");
  }
  try {
    resolveOptions(handler);
  } catch (failure) {
    problems.add(key, failure instanceof Error ? failure.message : String(failure));
  }
}

const OBJECTS = ["ROOM", "HUB", "DIRECTORY"] as const satisfies readonly (keyof BindingNames)[];

/** Without one of its classes a gateway starts, and fails its first client. */
function checkBindings(
  env: object,
  names: BindingNames,
  needsDirectory: boolean,
  problems: ConfigProblems,
): void {
  for (const binding of OBJECTS) {
    const other = OBJECTS.find(
      (another) => another !== binding && (names[another] ?? another) === names[binding],
    );
    if (other) problems.add(`bindings.${binding}`, `"${names[binding]}" is the binding of ${other}`);
  }
  const needed = new Set<string>(needsDirectory ? OBJECTS : ["ROOM", "HUB"]);
  for (const binding of BINDINGS) {
    const name = names[binding] ?? (needed.has(binding) ? binding : undefined);
    if (name === undefined || (env as Readonly<Record<string, unknown>>)[name] !== undefined) continue;
    problems.add(`bindings.${binding}`, `the Worker has no binding "${name}"`);
  }
}
