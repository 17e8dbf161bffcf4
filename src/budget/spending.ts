import type { BudgetConfig } from "../config/operations.ts";
import type { Samples } from "../metrics/registry.ts";
import type { ReportAnswer } from "../metrics/report.ts";
import { difference } from "../metrics/samples.ts";
import { labelled } from "../metrics/series.ts";
import { logEvent } from "../shared/log.ts";
import { dollarsOf } from "./dollars.ts";
import { isShed, levelOf, SHED, type ShedLevel, shedAt } from "./levels.ts";

const DAY = 86_400_000;

/** What is stored of a day: one row, written when the day begins and when it reaches a level. */
export interface BudgetDay {
  /** Days since the epoch, of UTC. */
  readonly day: number;
  /** Everything that was counted before it. In dollars, it would be wrong for a build that reckons otherwise. */
  readonly start: Samples;
  /** The highest level that the log was told of. */
  readonly told: ShedLevel;
}

/** Where spending is kept. */
export interface SpendingStore {
  /** Everything that was ever counted. Asked for once in a waking life, and once a day. */
  counters(): Samples;
  budgetDay(): BudgetDay | undefined;
  saveBudgetDay(day: BudgetDay): void;
}

/**
 * What the day has cost so far, as far as it was reported. Of the day only its beginning is stored: what it has cost follows
 * from the counters, which are stored anyway.
 */
export class Spending {
  readonly #config: BudgetConfig;
  readonly #store: SpendingStore;
  #today: BudgetDay | undefined;
  /** Dollars of the day. */
  #spent: number | undefined;

  constructor(config: BudgetConfig, store: SpendingStore) {
    this.#config = config;
    this.#store = store;
  }

  /** Takes what a report adds, before it is stored. Returns what its sender is to be told. */
  add(added: Samples, now: number): ReportAnswer {
    const today = this.#begin(now);
    this.#spent = this.#spentOn(today) + dollarsOf(added);
    const level = levelOf(this.#spent, this.#config.dollarsPerDay);
    if (level > today.told) this.#tell({ ...today, told: level }, this.#spent);
    return { shed: this.level(now) };
  }

  /** What is to be refused, as far as it was reported. */
  level(now: number): ShedLevel {
    const { dollarsPerDay, onExceeded } = this.#config;
    return onExceeded === "shed" ? levelOf(this.#spentToday(now), dollarsPerDay) : 0;
  }

  /** How things stand. */
  gauges(now: number): Samples {
    const level = this.level(now);
    const dollars = { spent: this.#spentToday(now), budget: this.#config.dollarsPerDay };
    return {
      ...labelled("poorwill_budget_dollars", Object.entries(dollars)),
      ...labelled(
        "poorwill_budget_shed",
        SHED.map((what) => [what, isShed(level, what) ? 1 : 0]),
      ),
    };
  }

  #spentToday(now: number): number {
    const today = this.#day;
    return today?.day === dayOf(now) ? this.#spentOn(today) : 0;
  }

  #spentOn({ start }: BudgetDay): number {
    this.#spent ??= dollarsOf(difference(this.#store.counters(), start));
    return this.#spent;
  }

  #begin(now: number): BudgetDay {
    const today = this.#day;
    if (today?.day === dayOf(now)) return today;
    this.#spent = 0;
    return this.#save({ day: dayOf(now), start: this.#store.counters(), told: 0 });
  }

  #tell(today: BudgetDay, dollars: number): void {
    this.#save(today);
    const { dollarsPerDay, onExceeded } = this.#config;
    const spent = Number(dollars.toFixed(4));
    const shed = onExceeded === "shed" ? shedAt(today.told).join(", ") : "nothing";
    logEvent("budget.exceeded", { spent, dollarsPerDay, shed });
  }

  #save(today: BudgetDay): BudgetDay {
    this.#store.saveBudgetDay(today);
    this.#today = today;
    return today;
  }

  get #day(): BudgetDay | undefined {
    this.#today ??= this.#store.budgetDay();
    return this.#today;
  }
}

function dayOf(now: number): number {
  return Math.floor(now / DAY);
}
