/** Limits of channels and of what clients say about them. */
export const CHANNEL_LIMITS = {
  /** Bytes of a channel name. */
  nameLength: 255,
  /** Publications in one history reply, default. */
  historyPublications: 300,
  /** Publications that a recovery may bring, default; more missed ones are not recovered. */
  recoveryPublications: 300,
  /** Publications in one reply, or in one recovery, that the configuration may allow at most. */
  mostPublications: 10_000,
  /**
   * Characters of the publications in one reply, default. A longer history ends early, as with a smaller limit; a
   * channel whose recovery does not fit into the reply is not recovered.
   */
  replyLength: 4_000_000,
  /** Characters of the publications in one reply that the configuration may allow at most. */
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
  /**
   * Bytes of one command in a message, except connect; a longer one is error 107, or closes with 3501 if it has no id.
   */
  commandSize: 65_536,
  /** Subscriptions of one session, default. */
  channels: 128,
  /** Milliseconds until a socket that has not connected is closed with 3502, default. */
  staleCloseDelay: 10_000,
  /** Milliseconds after the expiry of a connection or subscription until it is ended, default. */
  expiredCloseDelay: 25_000,
  /** Milliseconds between two pings, default. */
  pingInterval: 25_000,
  /**
   * Milliseconds that a client has for its pong; after that, its connection is closed when its user opens one too many.
   */
  pongDelay: 5_000,
  /** Bytes that may wait for a slow client, default; more closes with 3008. */
  queueSize: 1_048_576,
  /** Bytes sent to a client since it was last heard of, where the runtime does not tell how many wait. */
  silentOutputBacklog: 33_554_432,
  /** Commands of one session that may wait for something asynchronous; more are answered with error 111. */
  pendingCommands: 1_024,
  /** Characters of the channels, methods, data and tokens of commands that wait; more are answered with error 111. */
  pendingLength: 4_194_304,
  /** Recoveries and histories of other homes that are read for one session at a time; the others wait in order. */
  reads: 64,
  /** Characters up to which a recovery or history of another home is short. */
  shortRead: 131_072,
  /** Recoveries and histories of other homes that are longer, read for one session at a time. */
  longReads: 2,
  /** Homes new to a hub that one session may make it call at once; as many as `channelLimit`, if that is more. */
  newHomes: 128,
  /**
   * Homes new to a hub that one session may make it call each second, without end; more are answered with error 111.
   */
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
  /**
   * Characters sent to all subscribers of a publication, join or leave that cost its session as much as one more
   * command.
   */
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
