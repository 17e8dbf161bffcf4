import type { BackendEvent } from "../../../src/channels/backend-event.ts";
import { firstFitting, partsOf } from "../../../src/events/event-parts.ts";
import type { EventStore, RosterEntry, WaitingEvents } from "../../../src/events/event-store.ts";
import type { Occupancy } from "../../../src/hub-rpc/messages.ts";
import { EVENT_LIMITS } from "../../../src/shared/limits.ts";
import type { SqlStorage, SqlValue } from "./sql-storage.ts";

const ROW_VERSION = 1;

/**
 * `roster`: who a backend has been told of, channel "" being the connection itself. `occupancy`: the channels that have
 * subscribers at this hub, as their homes are told. `occupants`: the hubs that have subscribers of a channel that is
 * homed here. None has row ids: its key is then no second index to write.
 */
const TABLES = `
CREATE TABLE IF NOT EXISTS event_batches (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, time INTEGER NOT NULL,
  count INTEGER NOT NULL, events TEXT NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS roster (client TEXT NOT NULL, channel TEXT NOT NULL, version INTEGER NOT NULL,
  user TEXT NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (client, channel)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS occupancy (channel TEXT PRIMARY KEY, version INTEGER NOT NULL, sequence INTEGER NOT NULL,
  occupied INTEGER NOT NULL, told INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS occupants (channel TEXT NOT NULL, hub TEXT NOT NULL, version INTEGER NOT NULL,
  sequence INTEGER NOT NULL, occupied INTEGER NOT NULL, PRIMARY KEY (channel, hub)) WITHOUT ROWID;
`;

interface BatchRow extends Record<string, SqlValue> {
  id: number;
  events: string;
  count: number;
  attempts: number;
  due: number;
}

/** Events and what they follow from in SQLite. Tables are made on first need. */
export class SqlEventStore implements EventStore {
  readonly #storage: SqlStorage;
  #hasTables: boolean | undefined;
  #rowsWritten = 0;
  /** Events that wait; undefined until they are counted. */
  #waiting: number | undefined;

  constructor(storage: SqlStorage) {
    this.#storage = storage;
  }

  /** Rows written since the object woke. */
  get rowsWritten(): number {
    return this.#rowsWritten;
  }

  transaction(work: () => void): void {
    this.#makeTables();
    this.#storage.transactionSync(work);
  }

  append(events: readonly BackendEvent[], time: number): void {
    for (const part of partsOf(events)) {
      this.#run(
        "INSERT INTO event_batches (version, time, count, events, attempts, due) VALUES (?, ?, ?, ?, 0, 0)",
        ROW_VERSION,
        time,
        part.length,
        JSON.stringify(part),
      );
    }
    if (this.#waiting !== undefined) this.#waiting += events.length;
  }

  waiting(): WaitingEvents | undefined {
    if (!this.#exists()) return undefined;
    const rows = this.#rows<BatchRow>(
      "SELECT id, events, count, attempts, due FROM event_batches ORDER BY id LIMIT ?",
      EVENT_LIMITS.batch,
    );
    const [first] = rows;
    if (first === undefined) return undefined;
    const taken = firstFitting(rows);
    return {
      ids: taken.map(({ id }) => id),
      events: taken.flatMap(({ events }) => JSON.parse(events) as BackendEvent[]),
      attempts: first.attempts,
      due: first.due,
    };
  }

  delivered(ids: readonly number[]): void {
    const [first] = ids;
    const last = ids.at(-1);
    if (first === undefined || last === undefined) return;
    this.#run("DELETE FROM event_batches WHERE id BETWEEN ? AND ?", first, last);
    this.#waiting = undefined;
  }

  postpone([id]: readonly number[], attempts: number, due: number): void {
    if (id !== undefined)
      this.#run("UPDATE event_batches SET attempts = ?, due = ? WHERE id = ?", attempts, due, id);
  }

  dropSurplus(now: number): number {
    this.#waiting ??= this.#countWaiting();
    let dropped = 0;
    let last = 0;
    for (const { id, time, count } of this.#storage.sql.exec<{ id: number; time: number; count: number }>(
      "SELECT id, time, count FROM event_batches ORDER BY id",
    )) {
      if (this.#waiting - dropped <= EVENT_LIMITS.waiting && time > now - EVENT_LIMITS.age) break;
      dropped += count;
      last = id;
    }
    if (dropped > 0) this.#run("DELETE FROM event_batches WHERE id <= ?", last);
    this.#waiting -= dropped;
    return dropped;
  }

  roster(): Iterable<Omit<RosterEntry, "sequence">> {
    if (!this.#exists()) return [];
    return this.#storage.sql.exec<{ client: string; channel: string; user: string }>(
      "SELECT client, channel, user FROM roster",
    );
  }

  channelsOf(client: string): string[] {
    if (!this.#exists()) return [];
    const rows = this.#rows<{ channel: string }>("SELECT channel FROM roster WHERE client = ?", client);
    return rows.map(({ channel }) => channel);
  }

  addToRoster({ client, channel, user, sequence }: RosterEntry): void {
    this.#run(
      "INSERT OR REPLACE INTO roster (client, channel, version, user, sequence) VALUES (?, ?, ?, ?, ?)",
      client,
      channel,
      ROW_VERSION,
      user,
      sequence,
    );
  }

  removeFromRoster(client: string, channel: string): void {
    this.#run("DELETE FROM roster WHERE client = ? AND channel = ?", client, channel);
  }

  occupancy(): (Occupancy & { readonly isTold: boolean })[] {
    if (!this.#exists()) return [];
    return this.#rows<{ channel: string; sequence: number; occupied: number; told: number }>(
      "SELECT channel, sequence, occupied, told FROM occupancy",
    ).map(({ channel, sequence, occupied, told }) => ({
      channel,
      sequence,
      occupied: occupied === 1,
      isTold: told === 1,
    }));
  }

  setOccupancy({ channel, sequence, occupied }: Occupancy): void {
    this.#run(
      "INSERT OR REPLACE INTO occupancy (channel, version, sequence, occupied, told) VALUES (?, ?, ?, ?, 0)",
      channel,
      ROW_VERSION,
      sequence,
      occupied ? 1 : 0,
    );
  }

  told({ channel, sequence, occupied }: Occupancy): void {
    if (occupied) {
      this.#run("UPDATE occupancy SET told = 1 WHERE channel = ? AND sequence = ?", channel, sequence);
    } else this.#run("DELETE FROM occupancy WHERE channel = ? AND sequence = ?", channel, sequence);
  }

  occupiedBy(hub: string): string[] {
    if (!this.#exists()) return [];
    return this.#rows<{ channel: string }>(
      "SELECT channel FROM occupants WHERE hub = ? AND occupied = 1",
      hub,
    ).map(({ channel }) => channel);
  }

  isOccupied(channel: string): boolean {
    return (
      this.#rows("SELECT hub FROM occupants WHERE channel = ? AND occupied = 1 LIMIT 1", channel).length > 0
    );
  }

  setOccupant(hub: string, { channel, sequence, occupied }: Occupancy): boolean {
    const known = this.#rows<{ sequence: number }>(
      "SELECT sequence FROM occupants WHERE channel = ? AND hub = ?",
      channel,
      hub,
    )[0];
    if (known !== undefined && known.sequence >= sequence) return false;
    this.#run(
      "INSERT OR REPLACE INTO occupants (channel, hub, version, sequence, occupied) VALUES (?, ?, ?, ?, ?)",
      channel,
      hub,
      ROW_VERSION,
      sequence,
      occupied ? 1 : 0,
    );
    return true;
  }

  forgetVacated(before: number): void {
    if (this.#exists()) this.#run("DELETE FROM occupants WHERE occupied = 0 AND sequence < ?", before);
  }

  lastSequence(): number {
    if (!this.#exists()) return 0;
    const [row] = this.#rows<{ last: number | null }>(
      `SELECT MAX(last) AS last FROM (SELECT MAX(sequence) AS last FROM roster
       UNION ALL SELECT MAX(sequence) FROM occupancy UNION ALL SELECT MAX(sequence) FROM occupants)`,
    );
    return row?.last ?? 0;
  }

  needsSweep(hub: string): boolean {
    return (
      this.#exists() &&
      this.#rows(
        `SELECT 1 FROM roster UNION ALL SELECT 1 FROM occupancy
         UNION ALL SELECT 1 FROM occupants WHERE occupied = 0 OR hub = ? LIMIT 1`,
        hub,
      ).length > 0
    );
  }

  isEmpty(): boolean {
    if (!this.#exists()) return true;
    return (
      this.#rows(
        `SELECT 1 FROM event_batches UNION ALL SELECT 1 FROM roster UNION ALL SELECT 1 FROM occupancy
         UNION ALL SELECT 1 FROM occupants LIMIT 1`,
      ).length === 0
    );
  }

  /** Forgets that there were tables, after the storage has been deleted. */
  reset(): void {
    this.#hasTables = false;
    this.#waiting = undefined;
  }

  #countWaiting(): number {
    return (
      this.#rows<{ count: number | null }>("SELECT SUM(count) AS count FROM event_batches")[0]?.count ?? 0
    );
  }

  #rows<Row extends Record<string, SqlValue>>(query: string, ...bindings: SqlValue[]): Row[] {
    return this.#storage.sql.exec<Row>(query, ...bindings).toArray();
  }

  #run(query: string, ...bindings: SqlValue[]): void {
    this.#rowsWritten += this.#storage.sql.exec(query, ...bindings).rowsWritten;
  }

  #exists(): boolean {
    this.#hasTables ??=
      this.#rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'event_batches'").length > 0;
    return this.#hasTables;
  }

  #makeTables(): void {
    if (this.#exists()) return;
    this.#storage.sql.exec(TABLES);
    this.#hasTables = true;
  }
}
