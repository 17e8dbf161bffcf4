import type { RunningTarget } from "./targets.ts";

/** Something that a scenario measures. */
export interface Metric {
  readonly name: string;
  /** Digits after the point. */
  readonly digits: number;
}

/** What Poorwill is to reach: a ratio to another target, or a value by itself. */
export interface Goal {
  readonly metric: string;
  /** The target that it is compared with; absent: the value itself is the goal. */
  readonly against?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One value for each metric of the scenario. */
export type Sample = readonly number[];

/** Milliseconds of load before and while a sample is taken. */
export interface Timing {
  readonly warmUp: number;
  readonly measured: number;
}

export interface Round {
  readonly number: number;
  readonly timing: Timing;
  readonly targets: readonly RunningTarget[];
}

/** A question to the targets. It is asked in many rounds, and each one takes one sample of each target. */
export interface Scenario {
  readonly title: string;
  readonly metrics: readonly Metric[];
  readonly goals: readonly Goal[];
  /** The rounds that are enough, where a round takes long. */
  readonly maxRounds?: number;
  readonly run: (round: Round) => Promise<ReadonlyMap<string, Sample>>;
}

/**
 * Takes the samples one target after the other. Each round starts with another target, so that none always comes after
 * the same neighbour.
 */
export async function inTurn(
  { number, targets }: Round,
  sample: (target: RunningTarget) => Promise<Sample>,
): Promise<ReadonlyMap<string, Sample>> {
  const samples = new Map<string, Sample>();
  for (let turn = 0; turn < targets.length; turn += 1) {
    const target = targets[(number + turn) % targets.length];
    if (target) samples.set(target.name, await sample(target));
  }
  return samples;
}
