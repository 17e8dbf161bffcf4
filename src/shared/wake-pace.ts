/**
 * How often a job may wake its object: the breaker of alarms. A job has a budget of wakes for an hour. One that is used up
 * slows it: each wake that it had to wait for doubles the wait, and each one that it did not wait for halves it again.
 * Nothing is dropped: what is due is done at the later time.
 */

const HOUR = 3_600_000;
/** After so many doublings every wait is the longest one. */
const MOST_DOUBLINGS = 30;

/** How often a job may wake its object. */
export interface WakeBudget {
  /** Wakes in an hour. They may come all at once. */
  readonly perHour: number;
  /** Milliseconds between two wakes at most, however far the job is slowed. */
  readonly longestWait: number;
}

/** How a job has kept to its budget. */
export interface WakePace {
  /** Wakes that were left of the budget after the last one. */
  readonly left: number;
  /** When that was, in milliseconds. */
  readonly at: number;
  /** 0, or how far the job is slowed: each step is twice the wait. */
  readonly slowed: number;
}

/** The pace of a job that has not woken its object yet. */
export function fullPace({ perHour }: WakeBudget): WakePace {
  return { left: perHour, at: Number.NEGATIVE_INFINITY, slowed: 0 };
}

/** When a job may wake its object again, in milliseconds. */
export function nextWake({ at, slowed }: WakePace, { perHour, longestWait }: WakeBudget): number {
  return slowed === 0 ? at : at + Math.ceil(Math.min(longestWait, (HOUR / perHour) * 2 ** (slowed - 1)));
}

/** Whether a wake that was wanted at `wanted` had to wait. A job that is not slowed may have wanted it in the past. */
export function hadToWait(pace: WakePace, budget: WakeBudget, wanted: number): boolean {
  return pace.slowed > 0 && wanted < nextWake(pace, budget);
}

/** The pace after a wake at `now` that the job wanted at `wanted`, in milliseconds. */
export function afterWake(pace: WakePace, budget: WakeBudget, wanted: number, now: number): WakePace {
  const { perHour } = budget;
  const regained = Math.min(perHour, pace.left + (perHour / HOUR) * Math.max(0, now - pace.at));
  const left = Math.max(0, regained - 1);
  return { left, at: now, slowed: slowedAfter(pace, budget, wanted, regained) };
}

function slowedAfter(pace: WakePace, budget: WakeBudget, wanted: number, regained: number): number {
  const { slowed } = pace;
  if (regained < 1) return Math.min(MOST_DOUBLINGS, slowed + 1);
  if (slowed === 0) return 0;
  if (hadToWait(pace, budget, wanted)) return Math.min(MOST_DOUBLINGS, slowed + 1);
  // Half an hour's budget first: a job that hovers at its budget would be slowed and released again and again.
  return regained >= budget.perHour / 2 ? 0 : Math.max(1, slowed - 1);
}

/** What a wake has changed, for the log: undefined for nothing. */
export function changeOf(before: WakePace, after: WakePace): "slowed" | "resumed" | undefined {
  if (before.slowed === 0) return after.slowed > 0 ? "slowed" : undefined;
  return after.slowed === 0 ? "resumed" : undefined;
}
