import { type ResolvedConfig, resolveConfig } from "../config/config.ts";
import { config } from "../config.ts";

let resolved: ResolvedConfig | undefined;

/** The configuration of this gateway, read once: the bindings of a Worker do not change while it runs. */
export function gatewayConfig(env: object): ResolvedConfig {
  resolved ??= resolveConfig(config, env);
  return resolved;
}
