import { type BudgetDay, Spending, type SpendingStore } from "../../../src/budget/spending.ts";
import type { BudgetConfig } from "../../../src/config/operations.ts";
import type { Samples } from "../../../src/metrics/registry.ts";
import type { Report, ReportAnswer } from "../../../src/metrics/report.ts";
import { difference, sum } from "../../../src/metrics/samples.ts";

/** A directory that keeps to a budget, in memory: it knows reports, and sums them up. */
export class NodeDirectory implements SpendingStore {
  readonly #last = new Map<string, Report>();
  readonly #spending: Spending;
  #counters: Samples = {};
  #day: BudgetDay | undefined;
  /** Rows that were written for the budget. */
  rowsWritten = 0;
  /** What it does instead of answering. */
  instead: (() => ReportAnswer | undefined) | undefined;

  constructor(budget: BudgetConfig) {
    this.#spending = new Spending(budget, this);
  }

  async report(report: Report): Promise<ReportAnswer | undefined> {
    const last = this.#last.get(report.hub);
    const goesOn = last?.incarnation === report.incarnation;
    const added = goesOn ? difference(report.counters, last.counters) : report.counters;
    const answer = this.#spending.add(added, Date.now());
    this.#last.set(report.hub, report);
    this.#counters = sum([this.#counters, added]);
    return this.instead ? this.instead() : answer;
  }

  /** Dollars of the day so far. */
  get spent(): number {
    return this.#spending.gauges(Date.now())['poorwill_budget_dollars{of="spent"}'] ?? 0;
  }

  counters(): Samples {
    return this.#counters;
  }

  budgetDay(): BudgetDay | undefined {
    return this.#day;
  }

  saveBudgetDay(day: BudgetDay): void {
    this.#day = day;
    this.rowsWritten += 1;
  }
}
