/** Limits of requests to a backend. */
export const PROXY_LIMITS = {
  /** Milliseconds for a request to a backend, default; the whole answer must be there by then. */
  timeout: 1_000,
  /** Milliseconds for a request that the configuration may allow at most. */
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
  /** Characters of the events in one request or queue message: a queue takes messages of 128 KB. */
  batchLength: 32_000,
  /** Channels in one report to a home. */
  reports: 1_000,
  /** Milliseconds until the alarm sends the events and reports that waited when an object was reset. */
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
  /** Seconds that an address over that limit is told to wait. */
  retryAfter: 60,
} as const;

/** Limits of the tokens that operators get for a key. */
export const OPERATOR_TOKEN_LIMITS = {
  /** Milliseconds for which a token stands for the rights of its key; after that it is refused with HTTP 401. */
  lifetime: 600_000,
} as const;

/** Limits of blocked users. */
export const BLOCK_LIMITS = {
  /** Milliseconds for which a user is blocked at most, and by default: 366 days. More is error 107. */
  longest: 31_622_400_000,
  /** Blocked users at one control home, which has a sixteenth of all users; more are error 106. */
  users: 10_000,
} as const;

/** Limits of the HTTP server API. */
export const API_LIMITS = {
  /** Requests a minute with one key at one location of Cloudflare, as wrangler.toml sets it. */
  requestsPerMinute: 60_000,
  /** Seconds that the holder of a key over that limit is told to wait. */
  retryAfter: 60,
  /** Bytes of a request body; more is answered with HTTP 413. */
  bodySize: 4_194_304,
  /** Bytes of the data of one publication, or of one subscription; more is error 107. */
  dataSize: 131_072,
  /** Bytes of the tags of one publication, as JSON; more is error 107. */
  tagsSize: 8_192,
  /** Bytes of an info, as JSON; more is error 107. */
  infoSize: 4_096,
  /** Channels in one broadcast; more is error 107. */
  broadcastChannels: 1_000,
  /** Commands in one batch, lines in one body of the legacy form, and commands of both together; more is error 107. */
  batchCommands: 1_000,
  /** Publications of one request, one for each channel of each command; further ones are error 107. */
  publications: 1_000,
  /**
   * Milliseconds within which the commands of one request must begin where they wait for each other; later ones are
   * error 111.
   */
  requestTime: 30_000,
  /**
   * Milliseconds for a call to a home, which may wait `callTimeout` for hubs; after that, its commands are error 100.
   */
  homeTimeout: 7_000,
  /** Characters of publications that one request stores at one home; more are error 111, and not published. */
  publishedLength: 16_777_216,
  /** Characters of answers of one home to one request (the runtime refuses 32 MiB); past that, reads are error 111. */
  answersLength: 8_388_608,
  /** Connections that the whitelist of one disconnect may name; more is error 107. */
  whitelist: 1_000,
  /** Characters of an idempotency key, a version epoch, a user id, a client id or a pattern; more is error 107. */
  textLength: 256,
  /** Milliseconds between two deletions of idempotency keys that are no longer remembered. */
  sweepInterval: 60_000,
  /** Commands `room_sockets` and `room_call` of one request, whose answers may be long; further ones are error 107. */
  roomAnswers: 64,
  /** Control homes that commands on users are spread over. */
  userShards: 16,
} as const;

/** Limits of what an operator sees of the whole gateway. */
export const OVERVIEW_LIMITS = {
  /** Hubs in an overview: the largest by sockets; the others are only counted. */
  hubs: 1_000,
  /** Milliseconds between two changes of an open overview at least. */
  interval: 1_000,
  /** Milliseconds for which a hub without sockets is shown after its report. */
  shownFor: 30_000,
  /** Channels in one answer of `overview_channels`, default. */
  channels: 100,
  /** Channels in one answer of `overview_channels` that a request may ask for; more is error 107. */
  channelPage: 1_000,
  /** Channels that are counted for one answer; past that, those with the fewest subscribers are left out. */
  countedChannels: 200_000,
  /** Connections in one answer of `user_connections`; the others are only counted. */
  userConnections: 1_000,
  /** Connections of a user that one hub tells of; the others are only counted. */
  hubConnections: 100,
  /** Channels of one connection that are named. */
  namedChannels: 100,
  /** Characters of those names, of all connections of a user at one hub. */
  namesLength: 65_536,
  /** Hubs that a control home asks for connections of a user at the same time. */
  hubsAtOnce: 50,
} as const;
