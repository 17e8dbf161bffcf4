import type { Block, BlockStore } from "../../../src/sessions/blocked-users.ts";
import { LazyTables } from "./lazy-tables.ts";
import type { SqlStorage } from "./sql-storage.ts";

const ROW_VERSION = 1;
const TABLES = {
  blocked_users: `CREATE TABLE blocked_users (user TEXT PRIMARY KEY, version INTEGER NOT NULL, until INTEGER NOT NULL,
  reason TEXT NOT NULL) WITHOUT ROWID`,
} as const;

/** Blocked users in SQLite. */
export class SqlBlockStore implements BlockStore {
  readonly #tables: LazyTables<keyof typeof TABLES>;

  constructor(storage: SqlStorage) {
    this.#tables = new LazyTables(storage, TABLES, () => []);
  }

  /** Rows written since the object woke. */
  get rowsWritten(): number {
    return this.#tables.rowsWritten;
  }

  blockOf(user: string): Block | undefined {
    const query = "SELECT until, reason FROM blocked_users WHERE user = ?";
    return this.#tables.rows<{ until: number; reason: string }>("blocked_users", query, user)[0];
  }

  save(user: string, { until, reason }: Block): void {
    this.#tables.write(
      "blocked_users",
      "INSERT OR REPLACE INTO blocked_users (user, version, until, reason) VALUES (?, ?, ?, ?)",
      ...[user, ROW_VERSION, until, reason],
    );
  }

  remove(user: string): void {
    this.#tables.change("blocked_users", "DELETE FROM blocked_users WHERE user = ?", user);
  }

  count(): number {
    const query = "SELECT COUNT(*) AS count FROM blocked_users";
    return this.#tables.rows<{ count: number }>("blocked_users", query)[0]?.count ?? 0;
  }

  trim(now: number): number | undefined {
    this.#tables.change("blocked_users", "DELETE FROM blocked_users WHERE until <= ?", now);
    const query = "SELECT MIN(until) AS until FROM blocked_users";
    return this.#tables.rows<{ until: number | null }>("blocked_users", query)[0]?.until ?? undefined;
  }

  isEmpty(): boolean {
    return this.#tables.isEmpty();
  }

  reset(): void {
    this.#tables.reset();
  }
}
