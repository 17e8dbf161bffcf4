/** Tables have no row ids: their key is then no second index, and a publication costs one written row, not two. */
export const TABLES = {
  streams: `CREATE TABLE streams (channel TEXT PRIMARY KEY, version INTEGER NOT NULL, epoch TEXT NOT NULL,
    top INTEGER NOT NULL, used INTEGER NOT NULL, unsettled INTEGER) WITHOUT ROWID`,
  history: `CREATE TABLE history (channel TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    time INTEGER NOT NULL, version INTEGER NOT NULL, publications TEXT NOT NULL,
    PRIMARY KEY (channel, first)) WITHOUT ROWID`,
  followers: `CREATE TABLE followers (channel TEXT NOT NULL, hub TEXT NOT NULL, version INTEGER NOT NULL,
    generation INTEGER NOT NULL, epoch TEXT, used INTEGER, PRIMARY KEY (channel, hub)) WITHOUT ROWID`,
  sessions: `CREATE TABLE sessions (id TEXT PRIMARY KEY, version INTEGER NOT NULL, state TEXT NOT NULL) WITHOUT ROWID`,
} as const;

/** At first registrations had no epoch: a stream had a row of its own as soon as somebody followed it. */
export function upgradeTables(tables: ReadonlyMap<string, string>): readonly string[] {
  const followers = tables.get("followers");
  if (followers === undefined || followers.includes("epoch")) return [];
  return ["ALTER TABLE followers ADD COLUMN epoch TEXT", "ALTER TABLE followers ADD COLUMN used INTEGER"];
}

/** What is stored of a channel besides its publications. */
export interface StoredStream {
  readonly epoch: string;
  readonly top: number;
  /** When the stream was last used, in milliseconds, late by at most `streamUseTolerance`. */
  readonly used: number;
  /** The first offset that some follower may not have; undefined when all of them have everything. */
  readonly unsettled: number | undefined;
}

/** A stream as it is read back. */
export interface FoundStream extends StoredStream {
  /** When the newest publication that is kept was stored, in milliseconds; undefined when none is kept. */
  readonly published: number | undefined;
}

/** A hub that follows a channel. */
export interface StoredFollower {
  readonly hub: string;
  readonly generation: number;
  /** The epoch of a stream in which nothing had been published; "" where none is known. */
  readonly epoch: string;
  /** When it registered, or was last asked whether it still follows, in milliseconds. */
  readonly used: number;
}

/** What of a channel tells when it is to be looked at. */
export interface ChannelAge {
  readonly channel: string;
  readonly used: number;
  readonly top: number;
  /** When the oldest publication that is kept was stored, in milliseconds; null when none is kept. */
  readonly oldest: number | null;
  readonly isFollowed: boolean;
}

export interface AgeRow extends Record<string, SqlStorageValue> {
  channel: string;
  used: number;
  top: number;
  oldest: number | null;
}

export interface StreamRow extends Record<string, SqlStorageValue> {
  version: number;
  epoch: string;
  top: number;
  used: number;
  unsettled: number | null;
}

export interface FollowerRow extends Record<string, SqlStorageValue> {
  hub: string;
  version: number;
  generation: number;
  epoch: string | null;
  used: number;
}

export interface HistoryRow extends Record<string, SqlStorageValue> {
  first: number;
  last: number;
  version: number;
  publications: string;
}
