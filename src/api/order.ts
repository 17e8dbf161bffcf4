import type { ApiCommand } from "./requests.ts";

/**
 * The commands of a request, in their order, as steps: those of one step may run together, and each step waits for the
 * one before. Commands in a row of one method make one step, so that a thousand publications do not wait for each other.
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

/** A broadcast publishes as well. */
function kindOf(command: ApiCommand | undefined): string {
  return command?.method === "broadcast" ? "publish" : (command?.method ?? "");
}
