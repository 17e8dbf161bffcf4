import { waitUntil } from "cloudflare:workers";
import { levelOfRefusal } from "../budget/refusal.ts";
import type { Shedding } from "../budget/shedding.ts";
import type { DirectoryStub } from "../metrics/report.ts";
import { httpError } from "../shared/http-error.ts";
import { BUDGET_LIMITS, HUB_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import { withTimeout } from "../shared/timeout.ts";
import { type Asked, directoryFor, noteRefusal } from "./asked.ts";

/**
 * Refuses a new connection where this isolate knows that the budget is exceeded; undefined when it may go on. It asks the
 * directory too: hubs and rooms with made-up names know nothing yet, and would let everybody in.
 */
export function refuseOverBudget(asked: Asked): Response | undefined {
  const { shedding, config } = asked.gateway;
  const now = Date.now();
  const directory = config.operations.budget?.onExceeded === "shed" ? directoryFor(asked) : undefined;
  if (directory && shedding.isToAsk(now)) waitUntil(learnLevel(shedding, directory));
  return shedding.refuses("connections", now) ? refuse(asked) : undefined;
}

/** In the background: nobody waits for it. */
async function learnLevel(shedding: Shedding, directory: DirectoryStub): Promise<void> {
  try {
    const level = await withTimeout(directory.shedLevel(), HUB_LIMITS.callTimeout);
    shedding.told(level, Date.now());
  } catch (failure) {
    shedding.told(0, Date.now());
    logFailure("gateway.budget_unknown", failure);
  }
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
