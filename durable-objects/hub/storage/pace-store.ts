import type { PaceStore } from "../../../src/hub/breaker.ts";
import type { HubJob } from "../../../src/shared/alarm-jobs.ts";
import type { WakePace } from "../../../src/shared/wake-pace.ts";
import { LazyTables } from "./lazy-tables.ts";
import type { SqlStorage } from "./sql-storage.ts";

const ROW_VERSION = 1;

const TABLES = {
  paces: `CREATE TABLE paces (job TEXT PRIMARY KEY, version INTEGER NOT NULL, left_wakes REAL NOT NULL,
    at INTEGER NOT NULL, slowed INTEGER NOT NULL) WITHOUT ROWID`,
} as const;

/** How far the breaker has slowed the jobs of a hub. Where it has slowed none, there is no table. */
export class SqlPaceStore implements PaceStore {
  readonly #tables: LazyTables<keyof typeof TABLES>;

  constructor(storage: SqlStorage) {
    this.#tables = new LazyTables(storage, TABLES, () => []);
  }

  /** Rows written since the object woke. */
  get rowsWritten(): number {
    return this.#tables.rowsWritten;
  }

  paces(): ReadonlyMap<string, WakePace> {
    const rows = this.#tables.rows<{ job: string; left_wakes: number; at: number; slowed: number }>(
      "paces",
      "SELECT job, left_wakes, at, slowed FROM paces WHERE version = ?",
      ROW_VERSION,
    );
    return new Map(rows.map(({ job, left_wakes, at, slowed }) => [job, { left: left_wakes, at, slowed }]));
  }

  savePace(job: HubJob, { left, at, slowed }: WakePace): void {
    this.#tables.write(
      "paces",
      "INSERT OR REPLACE INTO paces (job, version, left_wakes, at, slowed) VALUES (?, ?, ?, ?, ?)",
      job,
      ROW_VERSION,
      left,
      at,
      slowed,
    );
  }

  deletePace(job: HubJob): void {
    this.#tables.change("paces", "DELETE FROM paces WHERE job = ?", job);
  }

  /** Whether nothing is kept. */
  isEmpty(): boolean {
    return this.#tables.isEmpty();
  }

  /** The storage has been deleted. */
  reset(): void {
    this.#tables.reset();
  }
}
