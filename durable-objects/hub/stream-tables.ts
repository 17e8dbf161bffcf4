/** Tables have no row ids: their key is then no second index, and a publication costs one written row, not two. */
export const TABLES = `
CREATE TABLE IF NOT EXISTS streams (channel TEXT PRIMARY KEY, version INTEGER NOT NULL, epoch TEXT NOT NULL,
  top INTEGER NOT NULL, used INTEGER NOT NULL, unsettled INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS history (channel TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  time INTEGER NOT NULL, version INTEGER NOT NULL, publications TEXT NOT NULL,
  PRIMARY KEY (channel, first)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS followers (channel TEXT NOT NULL, hub TEXT NOT NULL, version INTEGER NOT NULL,
  generation INTEGER NOT NULL, PRIMARY KEY (channel, hub)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, version INTEGER NOT NULL, state TEXT NOT NULL) WITHOUT ROWID;
`;

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

/** What of a stream tells when it is to be looked at. */
export interface StreamAge extends Record<string, SqlStorageValue> {
  channel: string;
  used: number;
  /** When the oldest publication that is kept was stored, in milliseconds; null when none is kept. */
  oldest: number | null;
}

export interface StreamRow extends Record<string, SqlStorageValue> {
  version: number;
  epoch: string;
  top: number;
  used: number;
  unsettled: number | null;
}

export interface HistoryRow extends Record<string, SqlStorageValue> {
  first: number;
  last: number;
  version: number;
  publications: string;
}
