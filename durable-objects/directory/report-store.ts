import type { Samples } from "../../src/metrics/registry.ts";
import type { ChannelCount, Report, ReportedHub } from "../../src/metrics/report.ts";
import { difference, sum } from "../../src/metrics/samples.ts";
import { activityBetween, type ReportBefore } from "../../src/overview/activity.ts";
import type { KeptReport } from "../../src/overview/hub-overview.ts";
import { REPORT_LIMITS } from "../../src/shared/limits.ts";
import { readSeen, type Seen, stateOf } from "./seen.ts";

const ROW_VERSION = 1;

const TABLES = `
CREATE TABLE IF NOT EXISTS hubs (hub TEXT PRIMARY KEY, version INTEGER NOT NULL, incarnation TEXT NOT NULL,
  woke INTEGER NOT NULL, expires INTEGER NOT NULL, earlier TEXT NOT NULL, counters TEXT NOT NULL,
  gauges TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS channels (hub TEXT NOT NULL, page INTEGER NOT NULL, list TEXT NOT NULL,
  PRIMARY KEY (hub, page)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS totals (id INTEGER PRIMARY KEY, counters TEXT NOT NULL);
`;

/** Builds that knew no overview had no such column, and leave it empty. */
const ADD_SEEN = "ALTER TABLE hubs ADD COLUMN seen TEXT";
const HAS_SEEN = "SELECT COUNT(*) AS count FROM pragma_table_info('hubs') WHERE name = 'seen'";

interface HubRow extends Record<string, SqlStorageValue> {
  hub: string;
  incarnation: string;
  woke: number;
  expires: number;
  earlier: string;
  counters: string;
  gauges: string;
  seen: string | null;
}

/** The reports of all hubs in SQLite. A report with the same channels as the last one writes one row. */
export class ReportStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(TABLES);
    if (sql.exec<{ count: number }>(HAS_SEEN).one().count === 0) sql.exec(ADD_SEEN);
  }

  /** Stores a report in place of the hub's last one. `now` is in milliseconds. */
  save(report: Report, now: number): KeptReport {
    const { hub, incarnation, wokeAt, expiresAt, counters, gauges, region } = report;
    const [before] = this.#hubs("WHERE hub = ?", hub);
    const earlier = before ? countedBefore(before, incarnation) : {};
    const seen: Seen = {
      ...activityBetween(before && lastReport(before), report, now),
      reportedAt: now,
      region,
      state: stateOf(report),
    };
    this.#sql.exec(
      "INSERT OR REPLACE INTO hubs (hub, version, incarnation, woke, expires, earlier, counters, gauges, seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      hub,
      ROW_VERSION,
      incarnation,
      wokeAt,
      expiresAt,
      JSON.stringify(earlier),
      JSON.stringify(counters),
      JSON.stringify(gauges),
      JSON.stringify(seen),
    );
    this.#saveChannels(report);
    return { ...seen, region, hub, wokeAt, expiresAt, gauges, counted: sum([earlier, counters]) };
  }

  /** What a report adds to everything that was counted, as long as it is not stored. */
  addedBy({ hub, incarnation, counters }: Report): Samples {
    const [before] = this.#hubs("WHERE hub = ?", hub);
    return before?.incarnation === incarnation ? difference(counters, parse(before.counters)) : counters;
  }

  /** The last report of each hub, also of those that have expired and are not swept yet. */
  *reports(): Iterable<KeptReport> {
    for (const row of this.#sql.exec<HubRow>("SELECT * FROM hubs")) {
      const { hub, woke: wokeAt, expires: expiresAt } = row;
      const counted = sum([parse(row.earlier), parse(row.counters)]);
      yield { ...readSeen(row.seen), hub, wokeAt, expiresAt, counted, gauges: parse(row.gauges) };
    }
  }

  /** What hubs have counted that are not known any more. */
  totals(): Samples {
    const [row] = this.#sql.exec<{ counters: string }>("SELECT counters FROM totals WHERE id = 0").toArray();
    return row === undefined ? {} : parse(row.counters);
  }

  /** What a hub counted before this incarnation. */
  countersBefore(hub: string, incarnation: string): Samples {
    const [row] = this.#hubs("WHERE hub = ?", hub);
    return row === undefined ? {} : countedBefore(row, incarnation);
  }

  /** Everything that was ever counted. */
  counters(): Samples {
    let total = this.totals();
    // One after the other: parsed all at once, they would not fit into memory where there are many.
    for (const { earlier, counters } of this.#sql.exec<Pick<HubRow, "earlier" | "counters">>(
      "SELECT earlier, counters FROM hubs",
    )) {
      total = sum([total, parse(earlier), parse(counters)]);
    }
    return total;
  }

  /** Hubs that have not expired, in the order of names. */
  hubs(now: number, after: string, limit: number): ReportedHub[] {
    const rows = this.#hubs("WHERE expires > ? AND hub > ? ORDER BY hub LIMIT ?", now, after, limit);
    return rows.map(({ hub, woke, gauges }) => ({ hub, wokeAt: woke, gauges: parse(gauges) }));
  }

  /** The channels of all hubs that have not expired, as they were reported: the same channel once for each hub. */
  *channels(now: number): Iterable<ChannelCount> {
    const cursor = this.#sql.exec<{ list: string }>(
      "SELECT list FROM channels WHERE hub IN (SELECT hub FROM hubs WHERE expires > ?)",
      now,
    );
    for (const { list } of cursor) yield* JSON.parse(list) as ChannelCount[];
  }

  /**
   * Forgets hubs that expired long ago; what they counted stays in the sums. Returns how many hubs are left. One that
   * expires with each report, as the home of a busy channel does, may go on counting: forgotten, it would count twice.
   */
  sweep(now: number): number {
    const until = now - REPORT_LIMITS.sweepInterval;
    const expired = this.#hubs("WHERE expires <= ?", until);
    if (expired.length > 0) {
      const counted = expired.flatMap(({ earlier, counters }) => [parse(earlier), parse(counters)]);
      this.#sql.exec(
        "INSERT OR REPLACE INTO totals (id, counters) VALUES (0, ?)",
        JSON.stringify(sum([this.totals(), ...counted])),
      );
      this.#sql.exec("DELETE FROM channels WHERE hub IN (SELECT hub FROM hubs WHERE expires <= ?)", until);
      this.#sql.exec("DELETE FROM hubs WHERE expires <= ?", until);
    }
    return this.#sql.exec<{ count: number }>("SELECT COUNT(*) AS count FROM hubs").one().count;
  }

  #saveChannels({ hub, channels }: Report): void {
    const pages = pagesOf(channels);
    const stored = this.#sql
      .exec<{ page: number; list: string }>(
        "SELECT page, list FROM channels WHERE hub = ? ORDER BY page",
        hub,
      )
      .toArray();
    pages.forEach((list, page) => {
      if (stored[page]?.list === list) return;
      this.#sql.exec("INSERT OR REPLACE INTO channels (hub, page, list) VALUES (?, ?, ?)", hub, page, list);
    });
    if (stored.length > pages.length) {
      this.#sql.exec("DELETE FROM channels WHERE hub = ? AND page >= ?", hub, pages.length);
    }
  }

  #hubs(where: string, ...bindings: SqlStorageValue[]): HubRow[] {
    return this.#sql.exec<HubRow>(`SELECT * FROM hubs ${where}`, ...bindings).toArray();
  }
}

function countedBefore(row: HubRow, incarnation: string): Samples {
  return row.incarnation === incarnation
    ? parse(row.earlier)
    : sum([parse(row.earlier), parse(row.counters)]);
}

/** Undefined where a build has stored it that did not say when. */
function lastReport({ incarnation, counters, seen }: HubRow): ReportBefore | undefined {
  return seen === null
    ? undefined
    : { incarnation, counters: parse(counters), reportedAt: readSeen(seen).reportedAt };
}

/** Lists as text that fits into a row. */
function pagesOf(channels: readonly ChannelCount[]): string[] {
  const pages: string[] = [];
  let page: ChannelCount[] = [];
  let length = 0;
  for (const channel of channels) {
    page.push(channel);
    length += channel[0].length;
    if (length < REPORT_LIMITS.rowLength) continue;
    pages.push(JSON.stringify(page));
    page = [];
    length = 0;
  }
  return page.length > 0 ? [...pages, JSON.stringify(page)] : pages;
}

function parse(text: string): Samples {
  return JSON.parse(text) as Samples;
}
