/**
 * Every limit of the gateway, in one place. A limit marked "default" can be changed per room kind.
 * `docs/limits.md` says what is answered when one is hit.
 */

const KiB = 1024;
const MiB = 1024 * KiB;

/** Limits of plain rooms. */
export const ROOM_LIMITS = {
  /** Characters in a room name. */
  nameLength: 128,
  /** Open sockets in one room, default. The runtime allows 32,768 per object at most. */
  sockets: 10_000,
  /** Bytes of one message from a client, default. */
  maxPayloadLength: 1 * MiB,
  /** Bytes of one message that the runtime delivers at all (Durable Objects, received messages). */
  runtimePayloadLength: 32 * MiB,
  /** Bytes that may wait for a slow client before messages are dropped, default. */
  backpressureLimit: 1 * MiB,
  /** Messages a second that a client may send without end, default. */
  messagesPerSecond: 1_000,
  /** Messages that a client may send at once after a pause, default. */
  messageBurst: 2_000,
  /** Messages that may wait for an asynchronous handler of one socket. */
  pendingMessages: 1_000,
  /** Bytes that may wait for an asynchronous handler of one socket. */
  pendingBytes: 4 * MiB,
  /** Topics that one socket may be subscribed to. */
  topics: 100,
  /** Characters in a topic. */
  topicLength: 128,
  /** Bytes of a serialized attachment (Durable Objects: 16,384), which holds id, data, topics and protocol. */
  attachment: 16_384,
  /** Seconds that a full room tells a client to wait before it tries again. */
  retryAfter: 5,
  /** Milliseconds between two ticks, at least: each one wakes the object. */
  minTickInterval: 100,
} as const;
