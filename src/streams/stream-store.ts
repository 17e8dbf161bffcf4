import type { HistoryRead, PublicationRun } from "../hub-rpc/messages.ts";

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

/** Where a hub keeps the streams that are homed there, and who follows them. */
export interface StreamStore {
  /** Runs `work` as one transaction: all of it is stored, or nothing. */
  transaction(work: () => void): void;
  stream(channel: string): FoundStream | undefined;
  saveStream(channel: string, stream: StoredStream): void;
  deleteStream(channel: string): void;
  /** Deletes everything that is stored of a channel. */
  deleteChannel(channel: string): void;
  /** Channels that have a stream. */
  channels(): string[];
  /** How old everything is that is stored: streams, and channels of which nothing is stored but who follows them. */
  ages(): ChannelAge[];
  unsettledChannels(): string[];
  /** Appends the publications of one flush, which follow those that are there. `time` is in milliseconds. */
  append(channel: string, run: PublicationRun, time: number): void;
  /** Reads stored publications in ascending order, whatever end they were counted from; none that was stored at `notBefore` or earlier. */
  read(channel: string, read: HistoryRead, notBefore: number): PublicationRun;
  /** Deletes publications up to an offset, and those that were stored at `notBefore` or earlier: as rows of whole flushes. */
  trim(channel: string, keepAfter: number, notBefore: number): void;
  /** When the oldest publication that is kept was stored, in milliseconds. */
  oldestTime(channel: string): number | undefined;
  followers(channel: string): StoredFollower[];
  saveFollower(channel: string, follower: StoredFollower): void;
  /** Notes when the followers of a channel were asked whether they still follow it, in milliseconds. */
  askedFollowers(channel: string, now: number): void;
  deleteFollower(channel: string, hub: string): void;
}
