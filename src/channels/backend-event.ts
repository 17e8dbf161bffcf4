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

/** One event, as a backend receives it. */
export interface BackendEvent {
  /** The same when an event is delivered more than once. */
  readonly id: string;
  readonly kind: EventKind;
  /** When it happened, or was noticed, in Unix milliseconds. */
  readonly time: number;
  /**
   * Grows with each event of the channel for `channel.*`, and with each event of the connection otherwise. An event
   * with a smaller number than one already seen came late. Numbers may be skipped.
   */
  readonly sequence: number;
  /** Absent for `connection.*`. */
  readonly channel?: string;
  /** The id of the connection; absent for `channel.*`, as is `user`. */
  readonly client?: string;
  /** "" is an anonymous user. */
  readonly user?: string;
  /** Of `connection.closed`: the close code, 1006 for a connection that was lost; absent where a crash has lost it. */
  readonly code?: number;
}

/** The body of a request to the webhook, and of a message in the queue. */
export interface EventBatch {
  readonly events: readonly BackendEvent[];
}
