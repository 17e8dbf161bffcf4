import { secretProblem } from "../auth/keys.ts";
import { ConfigError } from "../channels/config-error.ts";

type Bindings = Readonly<Record<string, unknown>>;

/** The secret that requests to a backend are signed with, unless the configuration names another binding. */
const DEFAULT_SECRET = "BACKEND_SIGNATURE_SECRET";

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The address of a backend: given itself, or as the name of the environment binding that holds it. Plain HTTP does not
 * leave the machine.
 *
 * @throws ConfigError that names `key`.
 */
export function resolveAddress(given: string, env: Bindings, key: string): string {
  const address = given.includes("://") ? given : env[given];
  if (typeof address !== "string") throw new ConfigError(key, `the environment binding ${given} is missing`);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.test(url.hostname));
  if (url === undefined || !isSafe) throw new ConfigError(key, "must be an https address");
  if (url.username !== "" || url.password !== "") {
    throw new ConfigError(key, "must not hold a password: static_headers can send one");
  }
  return url.href;
}

/**
 * The secret that the backend shares with the gateway. Undefined: nothing is signed.
 *
 * @throws ConfigError that names `key` when a binding is named that is not there, or its secret is shorter than 32 bytes.
 */
export function resolveSecret(named: string | undefined, env: Bindings, key: string): string | undefined {
  const binding = named ?? DEFAULT_SECRET;
  const value = env[binding];
  if (named === undefined && (value === undefined || value === "")) return undefined;
  if (typeof value !== "string" || value === "")
    throw new ConfigError(key, `the environment binding ${binding} is missing, empty or no text`);
  const problem = secretProblem(value);
  if (problem !== undefined) throw new ConfigError(key, `the environment binding ${binding} ${problem}`);
  return value;
}
