import type { StreamPosition } from "../../../src/protocol/messages.ts";
import type { ConditionStore, PublicationVersion } from "../../../src/streams/condition-store.ts";
import type { SqlStorage, SqlValue } from "./sql-storage.ts";

const ROW_VERSION = 1;

const TABLES = `
CREATE TABLE IF NOT EXISTS idempotency (channel TEXT NOT NULL, key TEXT NOT NULL, time INTEGER NOT NULL,
  version INTEGER NOT NULL, top INTEGER NOT NULL, epoch TEXT NOT NULL, PRIMARY KEY (channel, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS publication_versions (channel TEXT PRIMARY KEY, row_version INTEGER NOT NULL,
  version INTEGER NOT NULL, epoch TEXT NOT NULL) WITHOUT ROWID;
`;

/** What has been published under a key or with a version. Tables are made on first need. */
export class SqlConditionStore implements ConditionStore {
  readonly #storage: SqlStorage;
  #hasTables: boolean | undefined;
  #rowsWritten = 0;

  constructor(storage: SqlStorage) {
    this.#storage = storage;
  }

  /** Rows written since the object woke. */
  get rowsWritten(): number {
    return this.#rowsWritten;
  }

  /** Where the publication of a key is, if it was published after `notBefore` (milliseconds). */
  published(channel: string, key: string, notBefore: number): StreamPosition | undefined {
    const row = this.#rows<{ top: number; epoch: string }>(
      "SELECT top, epoch FROM idempotency WHERE channel = ? AND key = ? AND time > ?",
      channel,
      key,
      notBefore,
    )[0];
    return row && { offset: row.top, epoch: row.epoch };
  }

  savePublished(channel: string, key: string, { offset, epoch }: StreamPosition, time: number): void {
    this.#write(
      "INSERT OR REPLACE INTO idempotency (channel, key, time, version, top, epoch) VALUES (?, ?, ?, ?, ?, ?)",
      channel,
      key,
      time,
      ROW_VERSION,
      offset,
      epoch,
    );
  }

  version(channel: string): PublicationVersion | undefined {
    return this.#rows<{ version: number; epoch: string }>(
      "SELECT version, epoch FROM publication_versions WHERE channel = ?",
      channel,
    )[0];
  }

  saveVersion(channel: string, { version, epoch }: PublicationVersion): void {
    this.#write(
      "INSERT OR REPLACE INTO publication_versions (channel, row_version, version, epoch) VALUES (?, ?, ?, ?)",
      channel,
      ROW_VERSION,
      version,
      epoch,
    );
  }

  /** Deletes old keys, and the versions of streams that are no more. Returns the time of the oldest key that stays. */
  trim(notBefore: number, streams: () => readonly string[]): number | undefined {
    if (!this.#exists()) return undefined;
    this.#write("DELETE FROM idempotency WHERE time <= ?", notBefore);
    this.#write(
      "DELETE FROM publication_versions WHERE channel NOT IN (SELECT value FROM json_each(?))",
      JSON.stringify(streams()),
    );
    return (
      this.#rows<{ time: number | null }>("SELECT MIN(time) AS time FROM idempotency")[0]?.time ?? undefined
    );
  }

  /** Whether nothing is kept. */
  isEmpty(): boolean {
    const [row] = this.#rows<{ count: number }>(
      "SELECT (SELECT COUNT(*) FROM idempotency) + (SELECT COUNT(*) FROM publication_versions) AS count",
    );
    return row === undefined || row.count === 0;
  }

  /** Forgets that there were tables, after the storage has been deleted. */
  reset(): void {
    this.#hasTables = false;
  }

  #rows<Row extends Record<string, SqlValue>>(query: string, ...bindings: SqlValue[]): Row[] {
    return this.#exists() ? this.#storage.sql.exec<Row>(query, ...bindings).toArray() : [];
  }

  #write(query: string, ...bindings: SqlValue[]): void {
    if (!this.#exists()) {
      this.#storage.sql.exec(TABLES);
      this.#hasTables = true;
    }
    this.#rowsWritten += this.#storage.sql.exec(query, ...bindings).rowsWritten;
  }

  #exists(): boolean {
    this.#hasTables ??=
      this.#storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'idempotency'").toArray().length >
      0;
    return this.#hasTables;
  }
}
