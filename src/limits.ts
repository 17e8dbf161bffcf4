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

/** Limits of channels and of what clients say about them. */
export const CHANNEL_LIMITS = {
  /** Bytes of a channel name. */
  nameLength: 255,
  /** Publications in one history reply. */
  historyPublications: 300,
  /** Publications that a recovery may bring; more missed ones are not recovered. */
  recoveryPublications: 300,
  /** Publications that a channel may keep at most, whatever `history_size` says. */
  historySize: 100_000,
  /** Milliseconds that an answer of a presence question is reused. */
  presenceAge: 1_000,
  /** Milliseconds that an idempotency key is remembered. */
  idempotencyAge: 300_000,
  /** Milliseconds by which the stored last use of a stream may lag, so that not every publication is a write. */
  streamUseTolerance: 3_600_000,
} as const;

/** Limits of a session, most of them defaults of the configuration. */
export const SESSION_LIMITS = {
  /** Bytes of one message from a client; more closes with 1009. */
  messageSize: 65_536,
  /** Subscriptions of one session, default. */
  channels: 128,
  /** Milliseconds until a socket that has not connected is closed with 3502, default. */
  staleCloseDelay: 10_000,
  /** Milliseconds after the expiry of a connection or subscription until it is ended, default. */
  expiredCloseDelay: 25_000,
  /** Milliseconds between two pings, default. */
  pingInterval: 25_000,
  /** Bytes that may wait for a slow client, default; more closes with 3008. */
  queueSize: 1_048_576,
  /** Bytes sent without any sign of life, where the runtime does not tell what waits. */
  silentDebt: 33_554_432,
  /** Commands of one session that may wait for something asynchronous; more are answered with error 111. */
  pendingCommands: 1_024,
  /** Characters of the frames that wait for the connect of their session; more closes with 3013. */
  earlyLength: 1_048_576,
  /** Bytes of session state kept in the attachment; more goes to a row. */
  attachedState: 12_000,
  /** Characters of a connection token or subscription token. */
  tokenLength: 16_384,
} as const;

/** Limits of one hub, the Durable Object that holds sessions and is the home of channels. */
export const HUB_LIMITS = {
  /** Sockets in one hub; the Worker goes on to the next hub. The runtime allows 32,768. */
  sockets: 10_000,
  /** Milliseconds by which flushes may be late before a hub takes no new sockets. */
  flushLag: 1_000,
  /** Characters in one history row, each up to 3 bytes (SQLite in Durable Objects refuses values of about 2 MB). */
  rowLength: 600_000,
  /** Characters of one frame (some SDKs refuse messages of more than 1 MiB). */
  frameLength: 262_144,
  /** Characters of publications in one call from hub to hub (the runtime refuses calls of 32 MiB). */
  callLength: 1_000_000,
  /** Characters of one channel's publications that wait in memory for a follower; older ones are read from the history. */
  backlogLength: 4_000_000,
  /** Milliseconds for a call from hub to hub. */
  callTimeout: 5_000,
  /** Milliseconds until a home looks whether everything it delivered was acknowledged. */
  settleDelay: 10_000,
  /** Milliseconds until a delivery that failed is tried again, at first; the older it is, the longer. */
  retryDelay: 1_000,
  /** Milliseconds between two tries of a delivery at most. */
  maxRetryDelay: 3_600_000,
  /** Edge hubs of one region that the Worker tries before it answers 503. */
  edgeHubs: 64,
} as const;
