/**
 * Every limit of the gateway, in one place. A limit marked "default" can be changed per room kind.
 * `docs/limits.md` says what is answered when one is hit.
 */

const KiB = 1024;
const MiB = 1024 * KiB;

/** Limits that the runtime sets to each object, rooms and hubs alike. */
export const OBJECT_LIMITS = {
  /** Sockets that one object may hold (Durable Objects: 32,768), also those that it has closed and whose clients do not answer. */
  sockets: 32_768,
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
  /** Bytes that may wait for all clients of a room together; over it, a client's own limit is at most its share. */
  totalBackpressure: 24 * MiB,
  /** Messages a second that a client may send without end, default: what a hand and a mouse can do. */
  messagesPerSecond: 100,
  /** Messages that a client may send at once after a pause, default. */
  messageBurst: 1_000,
  /** Bytes a second that a client may send without end, default; a text counts its characters. */
  bytesPerSecond: 1 * MiB,
  /** Bytes that a client may send at once after a pause, default, and `maxPayloadLength` at least. */
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
} as const;

/** Limits of JSON that comes from outside. */
export const JSON_LIMITS = {
  /** Levels of lists and objects in one another: as many as the strictest usual parsers take. */
  depth: 100,
} as const;

/** Limits of channels and of what clients say about them. */
export const CHANNEL_LIMITS = {
  /** Bytes of a channel name. */
  nameLength: 255,
  /** Publications in one history reply, default. */
  historyPublications: 300,
  /** Publications that a recovery may bring, default; more missed ones are not recovered. */
  recoveryPublications: 300,
  /** Publications that the configuration may set either to. */
  mostPublications: 10_000,
  /**
   * Characters of the publications in one reply, default. A history ends early where they are more, as with a smaller
   * limit; what of a subscribe or connect does not fit is not recovered.
   */
  replyLength: 4_000_000,
  /** Characters that the configuration may set it to. */
  longestReply: 8_000_000,
  /** Publications that a channel may keep at most, whatever `history_size` says. */
  historySize: 100_000,
  /** Milliseconds that a hub's answer to a presence question is reused. */
  presenceAge: 1_000,
  /** Characters of one presence reply, about 40,000 members without info; more is error 111. */
  presenceLength: 4_000_000,
  /** Members at other hubs than the home that `presence_stats` counts; more is error 111. */
  presenceMembers: 200_000,
  /** Milliseconds that an idempotency key is remembered. */
  idempotencyAge: 300_000,
  /** Milliseconds by which the stored last use of a stream may lag, so that not every publication is a write. */
  streamUseTolerance: 3_600_000,
} as const;

/** Limits of a session, most of them defaults of the configuration. */
export const SESSION_LIMITS = {
  /** Bytes of one message from a client, default; more closes with 1009. An SDK's first message holds all its subscribes. */
  messageSize: 524_288,
  /** Bytes of one command, other than connect, in such a message; more is error 107, or closes with 3501 what has no id. */
  commandSize: 65_536,
  /** Subscriptions of one session, default. */
  channels: 128,
  /** Milliseconds until a socket that has not connected is closed with 3502, default. */
  staleCloseDelay: 10_000,
  /** Milliseconds after the expiry of a connection or subscription until it is ended, default. */
  expiredCloseDelay: 25_000,
  /** Milliseconds between two pings, default. */
  pingInterval: 25_000,
  /** Milliseconds that a client has for its pong, before its connection makes room where its user has too many. */
  pongDelay: 5_000,
  /** Bytes that may wait for a slow client, default; more closes with 3008. */
  queueSize: 1_048_576,
  /** Bytes sent without any sign of life, where the runtime does not tell what waits. */
  silentOutputBacklog: 33_554_432,
  /** Commands of one session that may wait for something asynchronous; more are answered with error 111. */
  pendingCommands: 1_024,
  /** Characters of what of such commands can be long; more are answered with error 111. */
  pendingLength: 4_194_304,
  /** Recoveries and histories of other homes that are read for one session at a time; the others wait in order. */
  reads: 64,
  /** Characters of such a one that is short. */
  shortRead: 131_072,
  /** Longer ones that are read for one session at a time. */
  longReads: 2,
  /** Homes that a session may make its hub call at once that it has not called before; as many as `channelLimit`, if that is more. */
  newHomes: 128,
  /** Such homes a second that it may make it call without end; more are answered with error 111. */
  newHomesPerSecond: 1,
  /** Characters that wait to be sent in one turn before a command with a long reply is answered with error 111. */
  outputLength: 8_388_608,
  /** Characters of the frames that wait for the connect of their session; more closes with 3013. */
  earlyLength: 1_048_576,
  /** Commands a second that a session may send without end, default; more are answered with error 111. */
  commandsPerSecond: 100,
  /** Commands that a session may send at once after a pause, default. */
  commandBurst: 1_000,
  /** Characters of an answer that cost its session as much as one more command. */
  lengthPerCommand: 65_536,
  /** Characters that a publication, join or leave has the hub send to all subscribers, which cost as much as one more command. */
  fanOutPerCommand: 262_144,
  /** Members in an answer that cost its session as much as one more command. */
  membersPerCommand: 100,
  /** Bytes a second that a session may send without end, default; more closes with 3013. */
  bytesPerSecond: 1_048_576,
  /** Bytes that a session may send at once after a pause, default. */
  byteBurst: 2_097_152,
  /** Connections of one user, default: on all hubs together where `userCommands` is on, else on each; one more is closed with 3504. */
  userConnections: 1_000,
  /** Bytes of session state kept in the attachment; more goes to a row. */
  attachedState: 12_000,
} as const;

/** Limits of one hub, the Durable Object that holds sessions and is the home of channels. */
export const HUB_LIMITS = {
  /** Sockets in one hub; the Worker goes on to the next hub. The runtime allows 32,768. */
  sockets: 5_000,
  /** Estimated bytes of sessions, subscriptions and channels past which a hub takes no new sockets. */
  newcomerMemory: 41_943_040,
  /** The same past which it takes no new subscriptions; they are answered with error 111. */
  subscriptionMemory: 83_886_080,
  /** Sockets in one hub that have not connected yet; the Worker goes on to the next hub. */
  unconnectedSockets: 1_000,
  /** Milliseconds between two alarms that close sockets that have not connected. */
  staleSpacing: 1_000,
  /** Milliseconds by which flushes may be late before a hub takes no new sockets. */
  flushLag: 250,
  /** Characters in one history row, each up to 3 bytes (SQLite in Durable Objects refuses values of about 2 MB). */
  rowLength: 600_000,
  /** Characters that a hub sends in one turn of the event loop; the rest follows in the next turns. */
  turnLength: 16_777_216,
  /** Characters that wait for a session and leave in this turn all the same, however much was sent. */
  shortOutput: 1_024,
  /** Characters of the replies of all sessions that wait to be sent before further long ones wait for the next turn. */
  repliesLength: 4_194_304,
  /** Characters of the commands of all sessions that wait for something; more are answered as over `pendingLength`, or `earlyLength`. */
  waitingLength: 16_777_216,
  /** Bytes that may wait for all clients of a hub together; over it, a client for whom more than its share waits is closed with 3008. */
  backpressure: 25_165_824,
  /** Characters of one frame (some SDKs refuse messages of more than 1 MiB). */
  frameLength: 262_144,
  /** Characters of publications in one call from hub to hub (the runtime refuses calls of 32 MiB). */
  callLength: 1_000_000,
  /** Characters of one channel's publications that wait in memory for a follower; older ones are read from the history. */
  backlogLength: 4_000_000,
  /** Characters that wait for the followers of all channels; over it what is stored is read from the history, and what is not is dropped. */
  allBacklogsLength: 33_554_432,
  /** Characters of publications that wait in memory for a call to one home; more are answered with error 111. */
  submissionsLength: 16_777_216,
  /** Characters of publications that wait for calls to all homes, or are under way; more are answered with error 111. */
  allSubmissionsLength: 33_554_432,
  /** Milliseconds for the control home of a user to count the user's connections; after that, the hub's own count holds. */
  admissionTimeout: 2_000,
  /** Users whose connections a control home counts before it counts anew. */
  countedUsers: 20_000,
  /** Milliseconds for a call from hub to hub. */
  callTimeout: 5_000,
  /** Channels of one home that a hub leaves with one call. */
  unfollows: 1_000,
  /** Milliseconds until a home looks whether everything it delivered was acknowledged: before it may sleep, and forget that it was. */
  settleDelay: 5_000,
  /** Milliseconds until a delivery that failed is tried again, at first; the older it is, the longer. */
  retryDelay: 1_000,
  /** Milliseconds between two tries of a delivery at most. */
  maxRetryDelay: 3_600_000,
  /** Edge hubs of one region that the Worker tries before it answers 503. */
  edgeHubs: 64,
} as const;

/** Limits of requests to a backend. */
export const PROXY_LIMITS = {
  /** Milliseconds for a request to a backend, default; the whole answer must be there by then. */
  timeout: 1_000,
  /** Milliseconds that the configuration may set it to. */
  longestTimeout: 30_000,
  /** Bytes of an answer. */
  answerSize: 1_048_576,
  /** Bytes of the handshake's headers that are kept for a backend; more refuses the connection with 431. */
  headersLength: 8_192,
  /** Milliseconds until a backend that could not be asked about an expired connection or subscription is asked again. */
  refreshRetry: 60_000,
  /** Expired connections and subscriptions that one hub asks about at the same time. */
  refreshes: 100,
} as const;

/** Limits of events for a backend. */
export const EVENT_LIMITS = {
  /** Events in one request or queue message. */
  batch: 100,
  /** Characters of them: a queue takes messages of 128 KB. */
  batchLength: 32_000,
  /** Channels in one report to a home. */
  reports: 1_000,
  /** Milliseconds until the alarm looks after events and reports that an object was reset over. */
  unsent: 60_000,
  /** Milliseconds for a request that delivers events. */
  timeout: 10_000,
  /** Milliseconds until the first retry; each further one waits twice as long. */
  firstRetry: 1_000,
  /** Milliseconds between two retries at most: so long that the 100 retries that a queue allows last for `age`. */
  longestRetry: 960_000,
  /** Milliseconds after which events that could not be delivered are dropped. */
  age: 86_400_000,
  /** Events that wait in one hub; more are dropped, the oldest first. */
  waiting: 10_000,
  /** Milliseconds between two comparisons of the stored roster with the sockets, default. */
  sweepInterval: 60_000,
} as const;

/** Limits of what the Worker decides before it asks an object. */
export const WORKER_LIMITS = {
  /** Connections a minute from one address (of IPv6: one /64) at one location of Cloudflare, as wrangler.toml sets it. */
  connectionsPerMinute: 1_000,
  /** Seconds that such an address is told to wait. */
  retryAfter: 60,
} as const;

/** Limits of what hubs tell an operator. */
export const REPORT_LIMITS = {
  /** Milliseconds after which a hub reports what has happened: less than the 10 s after which it may fall asleep. */
  delay: 8_000,
  /** Pings after which a hub that has not reported counts as gone. */
  missedPings: 3,
  /** Milliseconds between two log lines, or reports, about refusals of one kind. */
  refusalInterval: 10_000,
  /** Channels of one hub that the directory learns of. */
  channels: 10_000,
  /** Characters of one row of channel names. */
  rowLength: 500_000,
  /** Channels in one page of the directory. */
  channelPage: 10_000,
  /** Hubs in one page of the directory. */
  hubPage: 1_000,
  /** Pages of the directory in one answer of the API. */
  pages: 10,
  /** Milliseconds between two sweeps of expired reports. */
  sweepInterval: 3_600_000,
  /** Milliseconds between two data points of one hub at least. */
  pointInterval: 1_000,
  /** Data points in one invocation (Analytics Engine: 25). */
  pointsPerInvocation: 25,
  /** Bytes of the index of a data point (Analytics Engine: 96). */
  pointIndex: 96,
} as const;

/** Limits of the HTTP server API. */
export const API_LIMITS = {
  /** Requests a minute with one key at one location of Cloudflare, as wrangler.toml sets it. */
  requestsPerMinute: 60_000,
  /** Seconds that the holder of such a key is told to wait. */
  retryAfter: 60,
  /** Bytes of a request body; more is answered with HTTP 413. */
  bodySize: 4_194_304,
  /** Bytes of the data of one publication, or of what a subscription is given; more is error 107. */
  dataSize: 131_072,
  /** Bytes of the tags of one publication, as JSON; more is error 107. */
  tagsSize: 8_192,
  /** Bytes of an info, as JSON; more is error 107. */
  infoSize: 4_096,
  /** Channels in one broadcast; more is error 107. */
  broadcastChannels: 1_000,
  /** Commands in one batch, lines in one body of the legacy form, and commands of both together; more is error 107. */
  batchCommands: 1_000,
  /** Publications that one request makes, one for each channel of each command; those past it are error 107. */
  publications: 1_000,
  /** Milliseconds in which the commands of one request begin where they wait for each other; later ones are error 111. */
  requestTime: 30_000,
  /** Milliseconds for a call to a home, which may wait `callTimeout` for hubs; after that, what was asked is error 100. */
  homeTimeout: 7_000,
  /** Characters of publications that one request stores at one home; more are error 111, and not published. */
  publishedLength: 16_777_216,
  /** Characters of answers of one home to one request (the runtime refuses 32 MiB); once past it, reads are error 111. */
  answersLength: 8_388_608,
  /** Connections that the whitelist of one disconnect may name; more is error 107. */
  whitelist: 1_000,
  /** Characters of an idempotency key, a version epoch, a user id, a client id or a pattern; more is error 107. */
  textLength: 256,
  /** Milliseconds between two deletions of idempotency keys that are no longer remembered. */
  sweepInterval: 60_000,
  /** Control homes that commands on users are spread over. */
  userShards: 16,
} as const;

/** Limits of regular expressions of the configuration. */
export const REGEX_LIMITS = {
  /** Steps of the matcher that an expression may need for a text, at most; one that may need more is not taken. */
  steps: 4_000_000,
  /** Characters of such a text: a channel's name is no longer, and an audience or issuer that is longer matches nothing. */
  textLength: 255,
} as const;

/** Limits of token verification. Times are in milliseconds. */
export const TOKEN_LIMITS = {
  /** Characters in a token. */
  length: 65_536,
  /** How long one reading of the key set may take. Clients give up on a connect after 5 s. */
  keySetTimeout: 3_000,
  /** How long an object waits for the reading of another one. */
  keySetWait: 4_000,
  /** Age at which the key set is read again. */
  keySetFresh: 600_000,
  /** Age up to which the last key set serves while the endpoint cannot be read. */
  keySetStale: 3_600_000,
  /** Pause between two readings of the key set, whatever the first one gave. */
  keySetCooldown: 10_000,
  /** Bytes of a secret that tokens, or requests to a backend, are signed with, at least (RFC 7518, 3.2). */
  secretBytes: 32,
  /** Bits of an RSA key, at least (RFC 7518, 3.3). */
  rsaBits: 2_048,
} as const;
