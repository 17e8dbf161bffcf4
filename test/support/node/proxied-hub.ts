import type { Config } from "../../../src/config/config.ts";
import type { ProxySettings } from "../../../src/config/proxy.ts";
import { PROXY_LIMITS } from "../../../src/shared/limits.ts";
import type { Backend } from "../fetched-backend.ts";
import { TestHub } from "./test-hub.ts";

/** In seconds: a backend of a test takes its time, however busy the machine is. */
const PATIENCE = PROXY_LIMITS.longestTimeout / 1000;

const KINDS = ["connect", "refresh", "subscribe", "publish", "rpc", "sub_refresh"] as const;

/** A hub whose backend is asked about the kinds that are named. */
export function proxied(
  backend: Backend,
  kinds: readonly (typeof KINDS)[number][],
  more: ProxySettings = {},
  config: Config = {},
) {
  const endpoints = Object.fromEntries(
    kinds.map((kind) => [kind, { endpoint: `${backend.address}/${kind}`, timeout: PATIENCE }]),
  );
  return new TestHub({ config: { ...config, proxy: { ...endpoints, ...more } } });
}

export const ANN = { result: { user: "ann", meta: { level: 3 } } };

/** Answers by path; what is not named gets `{"result":{}}`. */
export const by = (answers: Record<string, unknown>) => (asked: { path: string }) =>
  answers[asked.path.slice(1)] ?? { result: {} };
