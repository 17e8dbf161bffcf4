import type { HistoryRead, PublicationRun } from "../../../src/hub-rpc/messages.ts";
import { isKnown, type StoredVersions } from "../../../src/hub-rpc/wire-versions.ts";
import type { WirePublication } from "../../../src/protocol/messages.ts";
import { cutRun, firstOfRun, joinRuns, lastOfRun, lengthOf } from "../../../src/streams/publication-run.ts";
import type {
  ChannelAge,
  FoundStream,
  StoredFollower,
  StoredStream,
  StreamStore,
} from "../../../src/streams/stream-store.ts";
import { cutIntoRows, packRow, unpackRow } from "./history-rows.ts";
import { LazyTables } from "./lazy-tables.ts";
import type { SqlStorage } from "./sql-storage.ts";
import {
  type AgeRow,
  type FollowerRow,
  type HistoryRow,
  type StreamRow,
  TABLES,
  upgradeTables,
} from "./stream-tables.ts";

/** Streams and registrations in SQLite. */
export class SqlStreamStore implements StreamStore {
  readonly #storage: SqlStorage;
  readonly #versions: StoredVersions;
  readonly #tables: LazyTables<keyof typeof TABLES>;

  constructor(storage: SqlStorage, versions: StoredVersions) {
    this.#storage = storage;
    this.#versions = versions;
    this.#tables = new LazyTables(storage, TABLES, upgradeTables);
  }

  /** Rows written since the object woke. */
  get rowsWritten(): number {
    return this.#tables.rowsWritten;
  }

  /** Runs `work` as one transaction: all of it is stored, or nothing. */
  transaction(work: () => void): void {
    try {
      this.#storage.transactionSync(work);
    } catch (failure) {
      // A table that was made in it is gone again.
      this.#tables.reset();
      throw failure;
    }
  }

  stream(channel: string): FoundStream | undefined {
    const row = this.#tables.rows<StreamRow>(
      "streams",
      "SELECT version, epoch, top, used, unsettled FROM streams WHERE channel = ?",
      channel,
    )[0];
    if (row === undefined) return undefined;
    if (!isKnown(this.#versions, row.version)) {
      // What another build wrote cannot be continued. The next epoch tells every client so.
      this.deleteStream(channel);
      this.#tables.change("history", "DELETE FROM history WHERE channel = ?", channel);
      this.#tables.change("followers", "UPDATE followers SET epoch = NULL WHERE channel = ?", channel);
      return undefined;
    }
    const newest = this.#tables.rows<{ last: number; time: number }>(
      "history",
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
    this.#tables.write(
      "streams",
      "INSERT OR REPLACE INTO streams (channel, version, epoch, top, used, unsettled) VALUES (?, ?, ?, ?, ?, ?)",
      channel,
      this.#versions.json,
      stream.epoch,
      stream.top,
      stream.used,
      stream.unsettled ?? null,
    );
  }

  deleteStream(channel: string): void {
    this.#tables.change("streams", "DELETE FROM streams WHERE channel = ?", channel);
  }

  /** Deletes everything that is stored of a channel. */
  deleteChannel(channel: string): void {
    this.deleteStream(channel);
    this.#tables.change("history", "DELETE FROM history WHERE channel = ?", channel);
    this.#tables.change("followers", "DELETE FROM followers WHERE channel = ?", channel);
  }

  channels(): string[] {
    return this.#tables
      .rows<{ channel: string }>("streams", "SELECT channel FROM streams")
      .map(({ channel }) => channel);
  }

  /** How old everything is that is stored: streams, and channels of which nothing is stored but who follows them. */
  ages(): ChannelAge[] {
    const followed = new Map(
      this.#tables
        .rows<{ channel: string; used: number }>(
          "followers",
          "SELECT channel, MIN(COALESCE(used, generation)) AS used FROM followers GROUP BY channel",
        )
        .map(({ channel, used }) => [channel, used]),
    );
    const streams = this.#streamAges();
    const ages = streams.map((stream) => ({ ...stream, isFollowed: followed.has(stream.channel) }));
    for (const { channel } of streams) followed.delete(channel);
    for (const [channel, used] of followed)
      ages.push({ channel, used, top: 0, oldest: null, isFollowed: true });
    return ages;
  }

  unsettledChannels(): string[] {
    return this.#tables
      .rows<{ channel: string }>("streams", "SELECT channel FROM streams WHERE unsettled IS NOT NULL")
      .map(({ channel }) => channel);
  }

  /** Appends one tick's publications: one row, or several where they would not fit into one. */
  append(channel: string, { first, publications }: PublicationRun, time: number): void {
    for (const { start, publications: some } of cutIntoRows(publications))
      this.#insert(channel, first + start, some, time);
  }

  /** Reads stored publications in ascending order, whatever end they were counted from. */
  read(channel: string, read: HistoryRead, notBefore: number): PublicationRun {
    const { after = 0, before = Number.MAX_SAFE_INTEGER, limit, reverse = false } = read;
    let room = read.length ?? Number.POSITIVE_INFINITY;
    if (limit <= 0) return { first: after + 1, publications: [] };
    const cursor = this.#tables.cursor<HistoryRow>(
      "history",
      `SELECT first, last, version, publications FROM history WHERE channel = ?1 AND first < ?3 AND last > ?2 AND time > ?4
       AND first >= COALESCE((SELECT MAX(first) FROM history WHERE channel = ?1 AND first <= ?2 + 1), 0)
       ORDER BY first ${reverse ? "DESC" : "ASC"}`,
      channel,
      after,
      before,
      notBefore,
    );
    const runs: PublicationRun[] = [];
    let count = 0;
    for (const row of cursor) {
      // A row of an unknown form is a gap like any other.
      if (!isKnown(this.#versions, row.version)) continue;
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
    this.#tables.change(
      "history",
      "DELETE FROM history WHERE channel = ? AND (last <= ? OR time <= ?)",
      channel,
      keepAfter,
      notBefore,
    );
  }

  /** When the oldest publication that is kept was stored, in milliseconds. */
  oldestTime(channel: string): number | undefined {
    return this.#tables.rows<{ time: number }>(
      "history",
      "SELECT time FROM history WHERE channel = ? ORDER BY first LIMIT 1",
      channel,
    )[0]?.time;
  }

  followers(channel: string): StoredFollower[] {
    return this.#tables
      .rows<FollowerRow>(
        "followers",
        `SELECT hub, version, generation, epoch, COALESCE(used, generation) AS used FROM followers
         WHERE channel = ?`,
        channel,
      )
      .map(({ version, epoch, ...row }) => ({
        ...row,
        epoch: (isKnown(this.#versions, version) && epoch) || "",
      }));
  }

  saveFollower(channel: string, { hub, generation, epoch, used }: StoredFollower): void {
    this.#tables.write(
      "followers",
      "INSERT OR REPLACE INTO followers (channel, hub, version, generation, epoch, used) VALUES (?, ?, ?, ?, ?, ?)",
      channel,
      hub,
      this.#versions.json,
      generation,
      epoch,
      used,
    );
  }

  /** Notes when the followers of a channel were asked whether they still follow it, in milliseconds. */
  askedFollowers(channel: string, now: number): void {
    this.#tables.change("followers", "UPDATE followers SET used = ? WHERE channel = ?", now, channel);
  }

  deleteFollower(channel: string, hub: string): void {
    this.#tables.change("followers", "DELETE FROM followers WHERE channel = ? AND hub = ?", channel, hub);
  }

  /** Whether nothing is kept. */
  isEmpty(): boolean {
    return this.#tables.isEmpty();
  }

  /** The storage has been deleted. */
  reset(): void {
    this.#tables.reset();
  }

  #streamAges(): AgeRow[] {
    const hasHistory = this.#tables.has("history");
    const oldest = hasHistory
      ? "(SELECT time FROM history WHERE history.channel = streams.channel ORDER BY first LIMIT 1)"
      : "NULL";
    return this.#tables.rows<AgeRow>(
      "streams",
      `SELECT channel, used, top, ${oldest} AS oldest FROM streams`,
    );
  }

  #insert(channel: string, first: number, publications: readonly WirePublication[], time: number): void {
    const { json, current } = this.#versions;
    const content = packRow(publications);
    const isText = typeof content === "string";
    this.#tables.write(
      "history",
      "INSERT INTO history (channel, first, last, time, version, publications) VALUES (?, ?, ?, ?, ?, ?)",
      channel,
      first,
      first + publications.length - 1,
      time,
      isText ? json : current,
      isText ? this.#versions.write("publications", content, json) : content,
    );
  }

  #publicationsOf({ publications, version }: HistoryRow): WirePublication[] {
    const isText = typeof publications === "string";
    return unpackRow(isText ? this.#versions.read("publications", publications, version) : publications);
  }
}
