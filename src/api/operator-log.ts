import { homeOf } from "../channels/placement.ts";
import { logEvent } from "../shared/log.ts";
import type { Outcome } from "./errors.ts";

/** Stands for a user in the log. */
export type HashUser = (user: string) => Promise<string>;

/** Who calls a method, as the log has it. */
interface Caller {
  readonly access: { readonly name: string };
  readonly hashUser: HashUser;
  /** The id of the trace that the request belongs to. */
  readonly trace?: string | undefined;
}

/** Logs what an operator has done or tried: with which key, and to whom. */
export async function logAction(
  { access, hashUser, trace }: Caller,
  method: string,
  request: object,
  outcome: Outcome,
): Promise<void> {
  const channel = textOf(request, "channel");
  const user = textOf(request, "user");
  logEvent("operator.action", {
    ...{ keyName: access.name, method },
    user: user === "" ? undefined : await hashUser(user),
    home: channel === "" ? undefined : homeOf(channel),
    code: "error" in outcome ? outcome.error.code : undefined,
    trace,
  });
}

function textOf(request: object, member: string): string {
  const value: unknown = Object.hasOwn(request, member) ? request[member as keyof typeof request] : "";
  return typeof value === "string" ? value : "";
}
