import type { ResolvedConfig } from "../config/config.ts";
import { ConfigError } from "../shared/config-error.ts";
import { rightsOf } from "./access.ts";
import { type KeyBindings, readKeys } from "./key-list.ts";

/**
 * Stops a gateway whose operators could not do what their keys are for.
 *
 * @throws ConfigError where a key has the right `operate`, but hubs take no commands on users.
 */
export function checkRights(bindings: KeyBindings, { connection }: Pick<ResolvedConfig, "connection">): void {
  if (connection.userCommands) return;
  const operator = readKeys(bindings).find((key) => rightsOf(key).includes("operate"));
  if (operator === undefined) return;
  const message = `must be true: the API key "${operator.name}" has the right operate`;
  throw new ConfigError([{ key: "connection.userCommands", message }]);
}
