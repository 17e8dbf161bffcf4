/** A stored row of publications: a dense run of a stream. */
export interface HistoryRow {
  readonly first: number;
  readonly last: number;
  /** Milliseconds since 1970 at which it was stored. */
  readonly time: number;
}

export interface HistoryBounds {
  /** Publications that are kept. */
  readonly size: number;
  /** Seconds that a publication is kept. */
  readonly ttl: number;
}

export interface TrimPlan {
  /** The oldest publication that may be read. A row may begin before it. */
  readonly oldest: number;
  /** Rows whose last offset is at most this hold nothing else and are deleted; 0 for none. */
  readonly deleteThrough: number;
  /** Milliseconds since 1970 at which the next row expires; undefined when none is left. */
  readonly nextExpiry: number | undefined;
}

/**
 * What of a stream is out, by number and by age.
 *
 * @param rows All rows of the stream, ascending. Only the oldest go, so that what is left has no gap, also when the
 * clock was set back between two of them.
 */
export function trimPlan(
  rows: readonly HistoryRow[],
  top: number,
  bounds: HistoryBounds,
  now: number,
): TrimPlan {
  const lifetime = bounds.ttl * 1000;
  const newest = oldestBySize(top, bounds.size);
  const kept = rows.find((row) => row.last >= newest && row.time + lifetime > now);
  const oldest = Math.max(newest, kept?.first ?? top + 1);
  return {
    oldest,
    deleteThrough: rows.findLast((row) => row.last < oldest)?.last ?? 0,
    nextExpiry: kept && kept.time + lifetime,
  };
}

/** The oldest publication that a stream keeps by its size. */
export function oldestBySize(top: number, size: number): number {
  return Math.max(1, top - size + 1);
}
