import type { StreamPosition } from "../protocol/messages.ts";

/** The last version that a channel has published. */
export interface PublicationVersion {
  readonly version: number;
  readonly epoch: string;
}

/** Where a hub keeps what has been published under a key or with a version. */
export interface ConditionStore {
  /** Where the publication of a key is, if it was published after `notBefore` (milliseconds). */
  published(channel: string, key: string, notBefore: number): StreamPosition | undefined;
  savePublished(channel: string, key: string, position: StreamPosition, time: number): void;
  version(channel: string): PublicationVersion | undefined;
  saveVersion(channel: string, version: PublicationVersion): void;
  /** Deletes old keys, and the versions of streams that are no more. Returns the time of the oldest key that stays. */
  trim(notBefore: number, streams: () => readonly string[]): number | undefined;
}
