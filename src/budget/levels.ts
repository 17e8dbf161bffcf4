import { BUDGET_LIMITS } from "../shared/limits.ts";

/**
 * What is refused once a day's budget is used up, in this order: the more is spent, the more of it. Who is connected stays,
 * and what is published is taken.
 */
export const SHED = ["anonymous", "connections", "channels", "reads"] as const;

/**
 * `anonymous`: connections without a user; `connections`: all new ones; `channels`: what clients want of channels that
 * nobody on their hub is subscribed to, and whose home it has not called since it woke; `reads`: history and presence over
 * the server API.
 */
export type Shed = (typeof SHED)[number];

/** How many of `SHED`, from the first on, are refused. */
export type ShedLevel = number;

/** The level for what was spent of a day's budget, both in dollars. */
export function levelOf(spent: number, dollarsPerDay: number): ShedLevel {
  const percent = (spent / dollarsPerDay) * 100;
  return SHED.filter((what) => percent >= BUDGET_LIMITS[what]).length;
}

/** Whether something is refused at a level. */
export function isShed(level: ShedLevel, what: Shed): boolean {
  return SHED.indexOf(what) < level;
}

/** What is refused at a level. */
export function shedAt(level: ShedLevel): readonly Shed[] {
  return SHED.slice(0, level);
}
