import type { SqlValue } from "./sql-storage.ts";

/** Tables have no row ids: their key is then no second index, and a publication costs one written row, not two. */
export const TABLES = {
  streams: `CREATE TABLE streams (channel TEXT PRIMARY KEY, version INTEGER NOT NULL, epoch TEXT NOT NULL,
    top INTEGER NOT NULL, used INTEGER NOT NULL, unsettled INTEGER) WITHOUT ROWID`,
  history: `CREATE TABLE history (channel TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    time INTEGER NOT NULL, version INTEGER NOT NULL, publications TEXT NOT NULL,
    PRIMARY KEY (channel, first)) WITHOUT ROWID`,
  followers: `CREATE TABLE followers (channel TEXT NOT NULL, hub TEXT NOT NULL, version INTEGER NOT NULL,
    generation INTEGER NOT NULL, epoch TEXT, used INTEGER, PRIMARY KEY (channel, hub)) WITHOUT ROWID`,
} as const;

/** At first registrations had no epoch: a stream had a row of its own as soon as somebody followed it. */
export function upgradeTables(tables: ReadonlyMap<string, string>): readonly string[] {
  const followers = tables.get("followers");
  if (followers === undefined || followers.includes("epoch")) return [];
  return ["ALTER TABLE followers ADD COLUMN epoch TEXT", "ALTER TABLE followers ADD COLUMN used INTEGER"];
}

export interface AgeRow extends Record<string, SqlValue> {
  channel: string;
  used: number;
  top: number;
  oldest: number | null;
}

export interface StreamRow extends Record<string, SqlValue> {
  version: number;
  epoch: string;
  top: number;
  used: number;
  unsettled: number | null;
}

export interface FollowerRow extends Record<string, SqlValue> {
  hub: string;
  version: number;
  generation: number;
  epoch: string | null;
  used: number;
}

export interface HistoryRow extends Record<string, SqlValue> {
  first: number;
  last: number;
  version: number;
  publications: string | ArrayBuffer;
}
