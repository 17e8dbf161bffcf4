import type { BudgetConfig } from "../config/operations.ts";
import type { Samples } from "../metrics/registry.ts";
import type { ReportAnswer } from "../metrics/report.ts";
import { labelled } from "../metrics/series.ts";
import { logEvent } from "../shared/log.ts";
import { dollarsOf } from "./dollars.ts";
import { isShed, levelOf, SHED, type ShedLevel, shedAt } from "./levels.ts";

const DAY = 86_400_000;

/** What is stored of a day: one row, written when the day begins and when it reaches a level. */
export interface BudgetDay {
  /** Days since the epoch, of UTC. */
  readonly day: number;
  /** What everything that was counted before it comes to, in dollars. */
  readonly start: number;
  /** The highest level that the log was told of. */
  readonly told: ShedLevel;
}

/** Where spending is kept. */
export interface SpendingStore {
  /** Everything that was ever counted. Asked for once in a waking life. */
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
  #total: number | undefined;
  #today: BudgetDay | undefined;

  constructor(config: BudgetConfig, store: SpendingStore) {
    this.#config = config;
    this.#store = store;
  }

  /** Takes what a report adds, before it is stored. Returns what its sender is to be told. */
  add(added: Samples, now: number): ReportAnswer {
    const before = this.#dollars;
    const today = this.#begin(before, now);
    this.#total = before + dollarsOf(added);
    const level = levelOf(this.#total - today.start, this.#config.dollarsPerDay);
    if (level > today.told) this.#tell({ ...today, told: level });
    return { shed: this.#config.onExceeded === "shed" ? level : 0 };
  }

  /** How things stand. */
  gauges(now: number): Samples {
    const { dollarsPerDay, onExceeded } = this.#config;
    const spent = this.#spentToday(now);
    const level = onExceeded === "shed" ? levelOf(spent, dollarsPerDay) : 0;
    return {
      ...labelled("poorwill_budget_dollars", Object.entries({ spent, budget: dollarsPerDay })),
      ...labelled(
        "poorwill_budget_shed",
        SHED.map((what) => [what, isShed(level, what) ? 1 : 0]),
      ),
    };
  }

  #spentToday(now: number): number {
    const today = this.#day;
    return today?.day === dayOf(now) ? this.#dollars - today.start : 0;
  }

  #begin(start: number, now: number): BudgetDay {
    const today = this.#day;
    if (today?.day === dayOf(now)) return today;
    return this.#save({ day: dayOf(now), start, told: 0 });
  }

  #tell(today: BudgetDay): void {
    this.#save(today);
    const { dollarsPerDay, onExceeded } = this.#config;
    const spent = Number((this.#dollars - today.start).toFixed(4));
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

  get #dollars(): number {
    this.#total ??= dollarsOf(this.#store.counters());
    return this.#total;
  }
}

function dayOf(now: number): number {
  return Math.floor(now / DAY);
}
