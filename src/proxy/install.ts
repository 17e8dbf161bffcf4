import type { Hooks } from "../channels/hooks.ts";
import type { ResolvedConfig } from "../config/config.ts";
import { createProxyHooks } from "./hooks.ts";
import type { Fetch } from "./request.ts";

/** Each kind of hook: one that is missing does not compile. */
const KINDS = Object.keys({
  connect: true,
  subscribe: true,
  publish: true,
  rpc: true,
  message: true,
  refresh: true,
  refreshSubscription: true,
} satisfies Record<keyof Hooks, true>) as (keyof Hooks)[];

/** A configuration whose hooks ask the backend, where its proxy names endpoints and there is no hook in code. */
export function withProxyHooks(config: ResolvedConfig, fetch: Fetch): ResolvedConfig {
  const { proxy, hooks, connection } = config;
  if (proxy === undefined) return config;
  const asksToConnect = proxy.endpoints.connect !== undefined && hooks.connect === undefined;
  return {
    ...config,
    hooks: combineHooks(hooks, createProxyHooks(proxy, fetch)),
    // Where the backend does not let a client in, `allowAnonymous` must not either.
    connection: asksToConnect ? { ...connection, allowAnonymous: false } : connection,
  };
}

/** Each kind of hook once: the one in code, or else the one that asks the backend. */
function combineHooks(inCode: Hooks, proxied: Hooks): Hooks {
  // Bound: a hook may be a method that uses `this`.
  const bound = KINDS.flatMap((kind) => (inCode[kind] ? [[kind, inCode[kind].bind(inCode)] as const] : []));
  return { ...proxied, ...Object.fromEntries(bound) };
}
