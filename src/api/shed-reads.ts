import { SHED } from "../budget/levels.ts";
import type { Shedding } from "../budget/shedding.ts";
import { type HomeAnswer, isRead } from "../hub-rpc/management.ts";
import { ERRORS } from "../shared/codes.ts";
import type { CallHome } from "./home-calls.ts";

const EXCEEDED: HomeAnswer = { errorCode: ERRORS.budgetExceeded.code };

/** Calls homes, but for reads where a home has refused some because of the budget: for a while, they are refused here. */
export function sheddingReads(call: CallHome, shedding: Shedding): CallHome {
  return async (home, request) => {
    const { commands } = request;
    if (commands.every(isRead) && shedding.refuses("reads", Date.now()))
      return commands.map(() => [EXCEEDED]);
    const answers = await call(home, request);
    // Reads are the last to be refused, so everything before them is refused too.
    if (answers.flat().some(isExceeded)) shedding.learned(SHED.length, Date.now());
    return answers;
  };
}

function isExceeded(answer: HomeAnswer): boolean {
  return "errorCode" in answer && answer.errorCode === ERRORS.budgetExceeded.code;
}
