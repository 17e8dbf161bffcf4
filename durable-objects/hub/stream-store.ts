import { HUB_LIMITS } from "../../src/limits.ts";
import type { HistoryRead, Run } from "./calls.ts";
import { type Formats, isKnown } from "./formats.ts";
import { cutRun, firstOfRun, joinRuns, lastOfRun, lengthOf } from "./runs.ts";
import {
  type FoundStream,
  type HistoryRow,
  type StoredStream,
  type StreamAge,
  type StreamRow,
  TABLES,
} from "./stream-tables.ts";

/** Streams, registrations and session state in SQLite. Tables are made on first need: an object that never writes costs nothing. */
export class StreamStore {
  readonly #storage: DurableObjectStorage;
  readonly #formats: Formats;
  #hasTables: boolean | undefined;
  #rowsWritten = 0;

  constructor(storage: DurableObjectStorage, formats: Formats) {
    this.#storage = storage;
    this.#formats = formats;
  }

  /** Rows written since the object woke. */
  get rowsWritten(): number {
    return this.#rowsWritten;
  }

  /** Runs `work` as one transaction: all of it is stored, or nothing. */
  transaction(work: () => void): void {
    this.#makeTables();
    this.#storage.transactionSync(work);
  }

  stream(channel: string): FoundStream | undefined {
    if (!this.#exists()) return undefined;
    const row = this.#rows<StreamRow>(
      "SELECT version, epoch, top, used, unsettled FROM streams WHERE channel = ?",
      channel,
    )[0];
    if (row === undefined) return undefined;
    if (!isKnown(this.#formats, row.version)) {
      // What another build wrote cannot be continued. The next epoch tells every client so.
      this.#write("DELETE FROM history WHERE channel = ?", channel);
      this.deleteStream(channel);
      return undefined;
    }
    const newest = this.#rows<{ last: number; time: number }>(
      "SELECT last, time FROM history WHERE channel = ? ORDER BY first DESC LIMIT 1",
      channel,
    )[0];
    return {
      epoch: row.epoch,
      top: Math.max(row.top, newest?.last ?? 0),
      used: row.used,
      unsettled: row.unsettled ?? undefined,
      published: newest?.time,
    };
  }

  saveStream(channel: string, stream: StoredStream): void {
    this.#write(
      "INSERT OR REPLACE INTO streams (channel, version, epoch, top, used, unsettled) VALUES (?, ?, ?, ?, ?, ?)",
      channel,
      this.#formats.current,
      stream.epoch,
      stream.top,
      stream.used,
      stream.unsettled ?? null,
    );
  }

  deleteStream(channel: string): void {
    this.#write("DELETE FROM streams WHERE channel = ?", channel);
  }

  /** Deletes everything that is stored of a channel. */
  deleteChannel(channel: string): void {
    this.deleteStream(channel);
    this.#write("DELETE FROM history WHERE channel = ?", channel);
    this.#write("DELETE FROM followers WHERE channel = ?", channel);
  }

  channels(): string[] {
    if (!this.#exists()) return [];
    return this.#rows<{ channel: string }>("SELECT channel FROM streams").map((row) => row.channel);
  }

  /** How old every stream is. To be read to its end before anything is written. */
  ages(): Iterable<StreamAge> {
    if (!this.#exists()) return [];
    return this.#storage.sql.exec<StreamAge>(
      `SELECT channel, used, (SELECT time FROM history WHERE history.channel = streams.channel ORDER BY first LIMIT 1)
       AS oldest FROM streams`,
    );
  }

  unsettledChannels(): string[] {
    if (!this.#exists()) return [];
    return this.#rows<{ channel: string }>("SELECT channel FROM streams WHERE unsettled IS NOT NULL").map(
      (row) => row.channel,
    );
  }

  /** Appends one tick's publications: one row, or several where they would not fit into one. */
  append(channel: string, { first, publications }: Run, time: number): void {
    let start = 0;
    let length = 0;
    for (let index = 0; index <= publications.length; index += 1) {
      const next = publications[index];
      if (next !== undefined && (index === start || length + next.length < HUB_LIMITS.rowLength)) {
        length += next.length + 1;
        continue;
      }
      this.#insert(channel, first + start, publications.slice(start, index), time);
      start = index;
      length = next === undefined ? 0 : next.length + 1;
    }
  }

  /** Reads stored publications in ascending order, whatever end they were counted from. */
  read(channel: string, read: HistoryRead, notBefore: number): Run {
    const { after = 0, before = Number.MAX_SAFE_INTEGER, limit, reverse = false } = read;
    let room = read.length ?? Number.POSITIVE_INFINITY;
    if (limit <= 0 || !this.#exists()) return { first: after + 1, publications: [] };
    const cursor = this.#storage.sql.exec<HistoryRow>(
      `SELECT first, last, version, publications FROM history WHERE channel = ?1 AND first < ?3 AND last > ?2 AND time > ?4
       AND first >= COALESCE((SELECT MAX(first) FROM history WHERE channel = ?1 AND first <= ?2 + 1), 0)
       ORDER BY first ${reverse ? "DESC" : "ASC"}`,
      channel,
      after,
      before,
      notBefore,
    );
    const runs: Run[] = [];
    let count = 0;
    for (const row of cursor) {
      // A row of an unknown form is a gap like any other.
      if (!isKnown(this.#formats, row.version)) continue;
      const run = cutRun({ first: row.first, publications: this.#publicationsOf(row) }, after, before);
      runs.push(run);
      count += run.publications.length;
      room -= lengthOf(run.publications);
      if (count >= limit || room < 0) break;
    }
    return reverse ? lastOfRun(joinRuns(runs.reverse()), limit) : firstOfRun(joinRuns(runs), limit);
  }

  /** Deletes what `history_size` and `history_ttl` leave no room for. */
  trim(channel: string, keepAfter: number, notBefore: number): void {
    if (!this.#exists()) return;
    this.#write(
      "DELETE FROM history WHERE channel = ? AND (last <= ? OR time <= ?)",
      channel,
      keepAfter,
      notBefore,
    );
  }

  /** When the oldest publication that is kept was stored, in milliseconds. */
  oldestTime(channel: string): number | undefined {
    if (!this.#exists()) return undefined;
    return this.#rows<{ time: number }>(
      "SELECT time FROM history WHERE channel = ? ORDER BY first LIMIT 1",
      channel,
    )[0]?.time;
  }

  followers(channel: string): { hub: string; generation: number }[] {
    if (!this.#exists()) return [];
    return this.#rows<{ hub: string; generation: number }>(
      "SELECT hub, generation FROM followers WHERE channel = ?",
      channel,
    );
  }

  saveFollower(channel: string, hub: string, generation: number): void {
    this.#makeTables();
    this.#write(
      "INSERT OR REPLACE INTO followers (channel, hub, version, generation) VALUES (?, ?, ?, ?)",
      channel,
      hub,
      this.#formats.current,
      generation,
    );
  }

  deleteFollower(channel: string, hub: string): void {
    this.#write("DELETE FROM followers WHERE channel = ? AND hub = ?", channel, hub);
  }

  sessionState(id: string): { state: string; version: number } | undefined {
    if (!this.#exists()) return undefined;
    return this.#rows<{ state: string; version: number }>(
      "SELECT state, version FROM sessions WHERE id = ?",
      id,
    )[0];
  }

  saveSessionState(id: string, state: string): void {
    this.#makeTables();
    this.#write(
      "INSERT OR REPLACE INTO sessions (id, version, state) VALUES (?, ?, ?)",
      id,
      this.#formats.current,
      state,
    );
  }

  deleteSessionState(id: string): void {
    if (this.#exists()) this.#write("DELETE FROM sessions WHERE id = ?", id);
  }

  storedSessions(): string[] {
    if (!this.#exists()) return [];
    return this.#rows<{ id: string }>("SELECT id FROM sessions").map((row) => row.id);
  }

  /** Whether anything is left that the object must keep. */
  isEmpty(): boolean {
    if (!this.#exists()) return true;
    const row = this.#rows<{ count: number }>(
      `SELECT (SELECT COUNT(*) FROM streams) + (SELECT COUNT(*) FROM history) + (SELECT COUNT(*) FROM followers)
       + (SELECT COUNT(*) FROM sessions) AS count`,
    )[0];
    return row?.count === 0;
  }

  /** Forgets that there were tables, after the storage has been deleted. */
  reset(): void {
    this.#hasTables = false;
  }

  #insert(channel: string, first: number, publications: readonly string[], time: number): void {
    if (publications.length === 0) return;
    this.#write(
      "INSERT INTO history (channel, first, last, time, version, publications) VALUES (?, ?, ?, ?, ?, ?)",
      channel,
      first,
      first + publications.length - 1,
      time,
      this.#formats.current,
      this.#formats.write("publications", publications.join("\n"), this.#formats.current),
    );
  }

  #publicationsOf({ publications, version }: HistoryRow): string[] {
    return this.#formats.read("publications", publications, version).split("\n");
  }

  #rows<Row extends Record<string, SqlStorageValue>>(query: string, ...bindings: SqlStorageValue[]): Row[] {
    return this.#storage.sql.exec<Row>(query, ...bindings).toArray();
  }

  #write(query: string, ...bindings: SqlStorageValue[]): void {
    this.#rowsWritten += this.#storage.sql.exec(query, ...bindings).rowsWritten;
  }

  #exists(): boolean {
    this.#hasTables ??=
      this.#rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'streams'").length > 0;
    return this.#hasTables;
  }

  #makeTables(): void {
    if (this.#exists()) return;
    this.#storage.sql.exec(TABLES);
    this.#hasTables = true;
  }
}
