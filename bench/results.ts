import type { Sample, Scenario } from "./scenario.ts";
import { median, sort } from "./statistics.ts";

/** The samples of one scenario, round by round. */
export class Results {
  readonly scenario: Scenario;
  readonly #rounds: ReadonlyMap<string, Sample>[] = [];

  constructor(scenario: Scenario) {
    this.scenario = scenario;
  }

  get rounds(): number {
    return this.#rounds.length;
  }

  get targets(): string[] {
    return [...(this.#rounds[0]?.keys() ?? [])];
  }

  add(round: ReadonlyMap<string, Sample>): void {
    this.#rounds.push(round);
  }

  median(target: string, metric: string): number {
    return median(this.#values(target, metric));
  }

  lowest(target: string, metric: string): number {
    return sort(this.#values(target, metric)).at(0) ?? Number.NaN;
  }

  highest(target: string, metric: string): number {
    return sort(this.#values(target, metric)).at(-1) ?? Number.NaN;
  }

  /** The median of the ratios within each round: what slows a whole round down leaves it as it is. */
  ratio(target: string, against: string, metric: string): number {
    const others = this.#values(against, metric);
    return median(this.#values(target, metric).map((value, round) => value / (others[round] ?? Number.NaN)));
  }

  #values(target: string, metric: string): number[] {
    const index = this.scenario.metrics.findIndex(({ name }) => name === metric);
    return this.#rounds.map((round) => round.get(target)?.[index] ?? Number.NaN);
  }
}
