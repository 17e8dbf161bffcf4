import type { ApiCommand } from "./requests.ts";

/**
 * Groups the commands of a request into steps. Commands of one step may run together; each step waits for the one
 * before. Consecutive commands of one method are one step, so that a thousand publications do not wait for each other.
 */
export function stepsOf<Command extends ApiCommand | undefined>(
  commands: readonly Command[],
): readonly (readonly Command[])[] {
  const steps: Command[][] = [];
  let last: string | undefined;
  for (const command of commands) {
    const kind = kindOf(command);
    if (kind === last && kind !== "batch") steps.at(-1)?.push(command);
    else steps.push([command]);
    last = kind;
  }
  return steps;
}

/** What makes commands equal: a broadcast counts as a publish. */
function kindOf(command: ApiCommand | undefined): string {
  return command?.method === "broadcast" ? "publish" : (command?.method ?? "");
}
