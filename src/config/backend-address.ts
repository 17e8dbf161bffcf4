import { secretProblem } from "../auth/keys.ts";
import type { ConfigProblems } from "../shared/config-error.ts";

type Bindings = Readonly<Record<string, unknown>>;

/** The secret that requests to a backend are signed with, unless the configuration names another binding. */
const DEFAULT_SECRET = "BACKEND_SIGNATURE_SECRET";

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The address of a backend: given itself, or as the name of the environment binding that holds it. Plain HTTP does not
 * leave the machine.
 */
export function resolveAddress(given: string, env: Bindings, key: string, problems: ConfigProblems): string {
  const address = given.includes("://") ? given : env[given];
  if (typeof address !== "string") {
    problems.add(key, `the environment binding ${given} is missing`);
    return "";
  }
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.test(url.hostname));
  if (!isSafe) problems.add(key, "must be an https address");
  else if (url.username !== "" || url.password !== "") {
    problems.add(key, "must not hold a password: static_headers can send one");
  }
  return url?.href ?? "";
}

/**
 * The secret that the backend shares with the gateway. Undefined: nothing is signed.
 */
export function resolveSecret(
  named: string | undefined,
  env: Bindings,
  key: string,
  problems: ConfigProblems,
): string | undefined {
  const binding = named ?? DEFAULT_SECRET;
  const value = env[binding];
  if (named === undefined && (value === undefined || value === "")) return undefined;
  const secret = typeof value === "string" && value !== "" ? value : undefined;
  const problem = secret === undefined ? "is missing, empty or no text" : secretProblem(secret);
  if (problem !== undefined) problems.add(key, `the environment binding ${binding} ${problem}`);
  return secret;
}
