import { levelOfRefusal } from "../budget/refusal.ts";
import { httpError } from "../shared/http-error.ts";
import { BUDGET_LIMITS } from "../shared/limits.ts";
import { type Asked, noteRefusal } from "./asked.ts";

/** Refuses a new connection where this isolate knows that the budget is exceeded; undefined when it may go on. */
export function refuseOverBudget(asked: Asked): Response | undefined {
  return asked.gateway.shedding.refuses("connections", Date.now()) ? refuse(asked) : undefined;
}

/** The answer in the place of an object's that refuses because of the budget, which this isolate then does by itself. */
export function refusedOverBudget(asked: Asked, response: Response): Response | undefined {
  const level = levelOfRefusal(response);
  if (level === undefined) return undefined;
  asked.gateway.shedding.learned(level, Date.now());
  return refuse(asked);
}

function refuse(asked: Asked): Response {
  noteRefusal(asked, "budget_exceeded");
  return httpError("budget_exceeded", { "Retry-After": String(BUDGET_LIMITS.retryAfter) });
}
