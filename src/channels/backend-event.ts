/** What a backend can be told of. */
export const EVENT_KINDS = [
  "connection.opened",
  "connection.closed",
  "member.joined",
  "member.left",
  "channel.occupied",
  "channel.vacated",
] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

/** One thing that has happened, as a backend is told of it. */
export interface BackendEvent {
  /** The same when an event is delivered more than once. */
  readonly id: string;
  readonly kind: EventKind;
  /** When it happened, or was found out, in Unix milliseconds. */
  readonly time: number;
  /**
   * Grows: for `channel.*` with each event of the channel, otherwise with each event of the connection. An event with a
   * smaller number than one that has been seen is a late one. Numbers are left out.
   */
  readonly sequence: number;
  /** Absent for `connection.*`. */
  readonly channel?: string;
  /** The id of the connection; absent for `channel.*`, as is `user`. */
  readonly client?: string;
  /** "" is an anonymous user. */
  readonly user?: string;
  /** Of `connection.closed`: the close code, 1006 for a connection that was lost; absent where a crash has swallowed it. */
  readonly code?: number;
}

/** The body of a request to the webhook, and of a message in the queue. */
export interface EventBatch {
  readonly events: readonly BackendEvent[];
}
