import { REFUSAL_HEADER } from "../channels/placement.ts";
import type { ShedLevel } from "./levels.ts";

const BUDGET = /^budget (\d)$/;

/** What an object tells the Worker that refuses a connection because of the budget. No client sees it. */
export function budgetRefusal(level: ShedLevel): string {
  return `budget ${level}`;
}

/** The level at which an object has refused; undefined where it has not, or for another reason. */
export function levelOfRefusal(response: Response): ShedLevel | undefined {
  const level = BUDGET.exec(response.headers.get(REFUSAL_HEADER) ?? "")?.[1];
  return level === undefined ? undefined : Number(level);
}
