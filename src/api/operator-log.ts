import { homeOf } from "../channels/placement.ts";
import { logEvent } from "../shared/log.ts";
import type { Outcome } from "./errors.ts";

/** Stands for a user in the log. */
export type HashUser = (user: string) => Promise<string>;

/** Logs what an operator has done or tried: with which key, and to whom. */
export async function logAction(
  keyName: string,
  method: string,
  request: object,
  outcome: Outcome,
  hashUser: HashUser,
): Promise<void> {
  const channel = textOf(request, "channel");
  const user = textOf(request, "user");
  logEvent("operator.action", {
    ...{ keyName, method },
    user: user === "" ? undefined : await hashUser(user),
    home: channel === "" ? undefined : homeOf(channel),
    code: "error" in outcome ? outcome.error.code : undefined,
  });
}

function textOf(request: object, member: string): string {
  const value: unknown = Object.hasOwn(request, member) ? request[member as keyof typeof request] : "";
  return typeof value === "string" ? value : "";
}
