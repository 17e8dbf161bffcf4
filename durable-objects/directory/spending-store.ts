import type { BudgetDay, SpendingStore } from "../../src/budget/spending.ts";
import type { Samples } from "../../src/metrics/registry.ts";
import type { ReportStore } from "./report-store.ts";

/** Rows of version 1 had dollars in `start`: such a day begins again. */
const ROW_VERSION = 2;

const TABLE = `CREATE TABLE IF NOT EXISTS budget_days (id INTEGER PRIMARY KEY, version INTEGER NOT NULL,
  day INTEGER NOT NULL, start TEXT NOT NULL, told INTEGER NOT NULL)`;

/** What the day's budget is reckoned with: the reports, and one row for the day. */
export class SqlSpendingStore implements SpendingStore {
  readonly #sql: SqlStorage;
  readonly #reports: Pick<ReportStore, "counters">;

  constructor(sql: SqlStorage, reports: Pick<ReportStore, "counters">) {
    this.#sql = sql;
    this.#reports = reports;
    sql.exec(TABLE);
  }

  counters(): Samples {
    return this.#reports.counters();
  }

  budgetDay(): BudgetDay | undefined {
    const [row] = this.#sql
      .exec<{ day: number; start: string; told: number }>(
        "SELECT day, start, told FROM budget_days WHERE id = 0 AND version = ?",
        ROW_VERSION,
      )
      .toArray();
    return row && { ...row, start: JSON.parse(row.start) as Samples };
  }

  saveBudgetDay({ day, start, told }: BudgetDay): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO budget_days (id, version, day, start, told) VALUES (0, ?, ?, ?, ?)",
      ROW_VERSION,
      day,
      JSON.stringify(start),
      told,
    );
  }
}
