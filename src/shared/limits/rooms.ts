import { MiB } from "./units.ts";

/** Limits that the runtime sets to each object, rooms and hubs alike. */
export const OBJECT_LIMITS = {
  /**
   * Sockets that one object may hold (Durable Objects: 32,768), including those that it has closed and whose clients
   * have not answered.
   */
  sockets: 32_768,
  /** Milliseconds without activity after which an object may sleep, and forget what is in memory (Durable Objects: 10 s). */
  sleepAfter: 10_000,
} as const;

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
  /** Bytes that may wait for all clients of a room together; past that, a client's own limit is at most its share. */
  totalBackpressure: 24 * MiB,
  /** Messages a second that a client may send without end, default: what a hand and a mouse can do. */
  messagesPerSecond: 100,
  /** Messages that a client may send at once after a pause, default. */
  messageBurst: 1_000,
  /** Bytes a second that a client may send without end, default; a text counts its characters. */
  bytesPerSecond: 1 * MiB,
  /** Bytes that a client may send at once after a pause, default; at least `maxPayloadLength`. */
  byteBurst: 8 * MiB,
  /** Messages that may wait for an asynchronous handler of one socket. */
  pendingMessages: 1_000,
  /** Bytes that may wait for an asynchronous handler of one socket. */
  pendingBytes: 4 * MiB,
  /** Topics that one socket may be subscribed to. */
  topics: 100,
  /** Characters in a topic. */
  topicLength: 128,
  /** Tags of one socket (Durable Objects: 10). */
  tags: 10,
  /** Characters in a tag (Durable Objects: 256). */
  tagLength: 256,
  /** Bytes of a serialized attachment (Durable Objects: 16,384), which holds id, data, topics and protocol. */
  attachment: 16_384,
  /** Seconds that a full room tells a client to wait before it tries again. */
  retryAfter: 5,
  /** Milliseconds until a socket that has sent nothing since its handshake is closed where a room ticks without `idleTimeout`. */
  silence: 3_600_000,
  /** Milliseconds between two ticks, at least: each one wakes the object. */
  minTickInterval: 100,
  /** Bytes of the request and of the response of a heartbeat (Durable Objects: 2,048). */
  heartbeatSize: 2_048,
  /** Milliseconds that a room's `start` may take; what waits for it fails then. */
  startTime: 30_000,
  /** Times that a room's `alarm` is tried again. */
  alarmRetries: 6,
  /** Milliseconds until a room's `alarm` is tried again, doubled with each further time. */
  alarmRetryDelay: 2_000,
  /** Calls of a room's `alarm` in an hour, default; more of them come later. */
  alarmsPerHour: 3_600,
  /** Milliseconds between two calls of a room's `alarm` at most, once it is slowed. */
  alarmWait: 3_600_000,
  /** The latest time of an alarm, in milliseconds since the epoch: the year 2189 (Durable Objects). */
  latestAlarm: 6_911_049_600_000,
  /** Milliseconds for what a room is asked from outside; after that it is error 100, and may have been done. */
  callTime: 5_000,
  /** Bytes of the arguments of a call, of its result, and of a page of sockets, as JSON. */
  callSize: 262_144,
  /** Sockets in a page, default. */
  socketPage: 100,
  /** Sockets in a page at most. */
  largestSocketPage: 1_000,
  /** Bytes of the body of a request that a room answers, default. */
  requestBody: 1 * MiB,
} as const;
