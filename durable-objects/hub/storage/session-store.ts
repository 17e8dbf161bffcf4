import type { SessionStore, StoredSession } from "../../../src/sessions/session-store.ts";
import { LazyTables } from "./lazy-tables.ts";
import type { SqlStorage } from "./sql-storage.ts";

const TABLES = {
  sessions: `CREATE TABLE sessions (id TEXT PRIMARY KEY, version INTEGER NOT NULL, state TEXT NOT NULL) WITHOUT ROWID`,
} as const;

/** States of sessions in SQLite. */
export class SqlSessionStore implements SessionStore {
  readonly #tables: LazyTables<keyof typeof TABLES>;

  constructor(storage: SqlStorage) {
    this.#tables = new LazyTables(storage, TABLES, () => []);
  }

  /** Rows written since the object woke. */
  get rowsWritten(): number {
    return this.#tables.rowsWritten;
  }

  sessionState(id: string): StoredSession | undefined {
    return this.#tables.rows<{ state: string; version: number }>(
      "sessions",
      "SELECT state, version FROM sessions WHERE id = ?",
      id,
    )[0];
  }

  saveSessionState(id: string, { state, version }: StoredSession): void {
    this.#tables.write(
      "sessions",
      "INSERT OR REPLACE INTO sessions (id, version, state) VALUES (?, ?, ?)",
      id,
      version,
      state,
    );
  }

  deleteSessionState(id: string): void {
    this.#tables.change("sessions", "DELETE FROM sessions WHERE id = ?", id);
  }

  storedSessions(): string[] {
    return this.#tables.rows<{ id: string }>("sessions", "SELECT id FROM sessions").map(({ id }) => id);
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
