import * as v from "valibot";
import { hookDisconnectSchema, hookErrorSchema } from "../channels/hook-outcome.ts";
import type { HookDisconnect, HookError } from "../channels/hooks.ts";
import { HEADER_NAME, mayForward } from "../channels/kept-headers.ts";
import { type ConfigProblems, checkNamespaces, seconds } from "../shared/config-error.ts";
import { PROXY_LIMITS } from "../shared/limits.ts";
import { resolveAddress, resolveSecret } from "./backend-address.ts";

/** Where one kind of question goes. */
export interface EndpointSettings {
  /** An https address, or the name of the environment binding that holds it. */
  readonly endpoint: string;
  /** Seconds in which the whole answer must be there, 0.01 to 30. Default 1. */
  readonly timeout?: number;
}

export interface ChannelEndpointSettings extends EndpointSettings {
  /**
   * The namespaces whose channels the backend is asked about; "" is channels without one. In others the options of the
   * channel decide. Absent: all.
   */
  readonly namespaces?: readonly string[];
}

/** An HTTP status other than 200, and what clients are told then. */
export interface StatusTransform {
  readonly status_code: number;
  readonly to_error?: HookError["error"];
  readonly to_disconnect?: HookDisconnect["disconnect"];
}

/** Questions that a backend answers over HTTP. A hook in code goes before the endpoint of its kind. */
export interface ProxySettings {
  /** Asked when a client connects without a token. */
  readonly connect?: EndpointSettings;
  /** Asked when a connection expires. Clients then do not refresh by themselves. */
  readonly refresh?: EndpointSettings;
  /** Asked when a client subscribes without a token. */
  readonly subscribe?: ChannelEndpointSettings;
  /** Asked when a client publishes. */
  readonly publish?: ChannelEndpointSettings;
  /** Asked when a client calls a method. */
  readonly rpc?: EndpointSettings;
  /** Asked when a subscription expires. Clients then do not refresh by themselves. */
  readonly sub_refresh?: EndpointSettings;
  /** Headers of a client's handshake that are sent along, and that a connect command may emulate. Default none. */
  readonly http_headers?: readonly string[];
  /** Headers of every request. They override those of clients. */
  readonly static_headers?: Readonly<Record<string, string>>;
  /** Whether requests tell the `meta` of the connection. Default false. */
  readonly include_connection_meta?: boolean;
  /** Whether payloads are sent as base64, in `b64data`. Answers may always hold either. Default false. */
  readonly binary_encoding?: boolean;
  /** What clients are told for statuses other than 200, instead of error 100. */
  readonly status_to_code_transforms?: readonly StatusTransform[];
  /** Binding with the secret that requests are signed with. Default "BACKEND_SIGNATURE_SECRET"; unsigned without. */
  readonly signatureSecret?: string;
}

export interface Endpoint {
  readonly address: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** Undefined: all. */
  readonly namespaces: readonly string[] | undefined;
}

/** The settings with everything filled in, for one environment. */
export interface ProxyConfig {
  readonly endpoints: Readonly<Partial<Record<ProxyKind, Endpoint>>>;
  /** In lower case. */
  readonly httpHeaders: readonly string[];
  readonly staticHeaders: Readonly<Record<string, string>>;
  readonly includesMeta: boolean;
  readonly isBinary: boolean;
  readonly transforms: ReadonlyMap<number, HookError | HookDisconnect>;
  readonly secret: string | undefined;
}

const KINDS = ["connect", "refresh", "subscribe", "publish", "rpc", "sub_refresh"] as const;
export type ProxyKind = (typeof KINDS)[number];

const flag = v.optional(v.boolean());
const endpointEntries = {
  endpoint: v.pipe(v.string(), v.nonEmpty()),
  timeout: v.optional(v.pipe(seconds, v.minValue(0.01), v.maxValue(PROXY_LIMITS.longestTimeout / 1000))),
};
const endpoint = v.optional(v.strictObject(endpointEntries));
const channelEndpoint = v.optional(
  v.strictObject({ ...endpointEntries, namespaces: v.optional(v.array(v.string())) }),
);

const transform = v.pipe(
  v.strictObject({
    status_code: v.pipe(v.number(), v.integer(), v.minValue(201), v.maxValue(599)),
    to_error: v.optional(hookErrorSchema),
    to_disconnect: v.optional(hookDisconnectSchema),
  }),
  v.check(
    ({ to_error, to_disconnect }) => (to_error === undefined) !== (to_disconnect === undefined),
    "needs to_error or to_disconnect, one of them",
  ),
);

const forwarded = v.pipe(
  v.string(),
  v.check(mayForward, "a header of this name cannot be forwarded"),
  v.toLowerCase(),
);
const header = v.pipe(
  v.string(),
  v.regex(HEADER_NAME, "is no name of a header"),
  v.check((name) => name.toLowerCase() !== "x-poorwill-signature", "is set by the gateway"),
);
const headerValue = v.pipe(v.string(), v.regex(/^[\t\x20-\x7e]*$/, "must be plain text of one line"));

export const proxySchema = v.strictObject({
  connect: endpoint,
  refresh: endpoint,
  subscribe: channelEndpoint,
  publish: channelEndpoint,
  rpc: endpoint,
  sub_refresh: endpoint,
  http_headers: v.optional(v.array(forwarded)),
  static_headers: v.optional(v.record(header, headerValue)),
  include_connection_meta: flag,
  binary_encoding: flag,
  status_to_code_transforms: v.optional(v.array(transform)),
  signatureSecret: v.optional(v.pipe(v.string(), v.nonEmpty())),
} satisfies Record<keyof ProxySettings, v.GenericSchema>);

/**
 * Replaces the names of bindings by their values, and adds what is wrong to `problems`.
 *
 * @param namespaces The names of the namespaces of all environments; undefined when they could not be read.
 */
export function resolveProxy(
  settings: v.InferOutput<typeof proxySchema>,
  env: Readonly<Record<string, unknown>>,
  namespaces: ReadonlySet<string> | undefined,
  problems: ConfigProblems,
): ProxyConfig {
  const endpoints: Partial<Record<ProxyKind, Endpoint>> = {};
  for (const kind of KINDS) {
    const given: ChannelEndpointSettings | undefined = settings[kind] as ChannelEndpointSettings | undefined;
    if (given === undefined) continue;
    checkNamespaces(given.namespaces, namespaces, `proxy.${kind}.namespaces`, problems);
    endpoints[kind] = {
      address: resolveAddress(given.endpoint, env, `proxy.${kind}.endpoint`, problems),
      timeout: given.timeout === undefined ? PROXY_LIMITS.timeout : given.timeout * 1000,
      namespaces: given.namespaces,
    };
  }
  return {
    endpoints,
    httpHeaders: settings.http_headers ?? [],
    staticHeaders: settings.static_headers ?? {},
    includesMeta: settings.include_connection_meta ?? false,
    isBinary: settings.binary_encoding ?? false,
    transforms: new Map((settings.status_to_code_transforms ?? []).map(refusalOf)),
    secret: resolveSecret(settings.signatureSecret, env, "proxy.signatureSecret", problems),
  };
}

function refusalOf({
  status_code,
  to_error,
  to_disconnect,
}: v.InferOutput<typeof transform>): [number, HookError | HookDisconnect] {
  if (to_disconnect !== undefined) return [status_code, { disconnect: to_disconnect }];
  if (to_error === undefined) throw new Error("a transform without a target");
  const { code, message, temporary } = to_error;
  return [status_code, { error: temporary === undefined ? { code, message } : { code, message, temporary } }];
}
