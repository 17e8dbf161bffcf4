import { httpError } from "../shared/http-error.ts";
import { ROOM_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";

/** What a client is told where no answer could be made. The failure itself stays in the log. */
export function answerFailure(failure: unknown): Response {
  logFailure("request_failed", failure);
  return isPassing(failure)
    ? httpError("overloaded", { "Retry-After": String(ROOM_LIMITS.retryAfter) })
    : httpError("internal");
}

/** The same where what would be thrown has still to be made readable, or to tell an `EventSource` to come back. */
export async function orFailure(answer: Response | Promise<Response>): Promise<Response> {
  try {
    return await answer;
  } catch (failure) {
    return answerFailure(failure);
  }
}

/** Whether the platform says that a Durable Object will answer again: it is overloaded, or was just moved or updated. */
function isPassing(failure: unknown): boolean {
  const { overloaded, retryable } = failure as { overloaded?: boolean; retryable?: boolean };
  return overloaded === true || retryable === true;
}
