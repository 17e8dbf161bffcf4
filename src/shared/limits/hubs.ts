/** Limits of one hub, the Durable Object that holds sessions and is the home of channels. */
export const HUB_LIMITS = {
  /** Sockets in one hub; the Worker goes on to the next hub. The runtime allows 32,768. */
  sockets: 5_000,
  /** Estimated bytes of sessions, subscriptions and channels past which a hub takes no new sockets. */
  newcomerMemory: 41_943_040,
  /**
   * Estimated bytes of sessions, subscriptions and channels past which a hub takes no new subscriptions; they are
   * answered with error 111.
   */
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
  /** Characters up to which what waits for a session leaves in this turn, even if `turnLength` is used up. */
  shortOutput: 1_024,
  /**
   * Characters of the replies of all sessions that may wait to be sent; past that, further long replies wait for the
   * next turn.
   */
  repliesLength: 4_194_304,
  /** Characters of the commands of all sessions that wait for something; more are answered as over `pendingLength`, or `earlyLength`. */
  waitingLength: 16_777_216,
  /**
   * Bytes that may wait for all clients of a hub together; past that, a client for whom more than its share waits is
   * closed with 3008.
   */
  backpressure: 25_165_824,
  /** Characters of one frame (some SDKs refuse messages of more than 1 MiB). */
  frameLength: 262_144,
  /** Characters of publications in one call from hub to hub (the runtime refuses calls of 32 MiB). */
  callLength: 1_000_000,
  /** Characters of one channel's publications that wait in memory for a follower; older ones are read from the history. */
  backlogLength: 4_000_000,
  /**
   * Characters that wait for the followers of all channels; past that, stored publications are read from the history,
   * and others are dropped.
   */
  allBacklogsLength: 33_554_432,
  /** Characters of publications that wait in memory for a call to one home; more are answered with error 111. */
  submissionsLength: 16_777_216,
  /** Characters of publications that wait for calls to all homes, or are under way; more are answered with error 111. */
  allSubmissionsLength: 33_554_432,
  /** Milliseconds for the control home of a user to count the user's connections; after that, the hub's own count holds. */
  admissionTimeout: 2_000,
  /** Users whose connection counts a control home remembers; past that, it forgets them and counts anew. */
  countedUsers: 20_000,
  /**
   * Milliseconds for a call from hub to hub: less than the 10 s after which a hub may sleep (`sleepAfter`), so that no hub
   * has forgotten what a later call has brought while an earlier one is on its way.
   */
  callTimeout: 5_000,
  /** Channels of one home that a hub leaves with one call. */
  unfollows: 1_000,
  /** Milliseconds until a home looks whether everything it delivered was acknowledged: before it may sleep, and forget that it was. */
  settleDelay: 5_000,
  /**
   * Milliseconds until a delivery that failed is tried again for the first time; the older it is, the longer it waits.
   */
  retryDelay: 1_000,
  /** Milliseconds between two tries of a delivery at most. */
  maxRetryDelay: 3_600_000,
  /**
   * Wakes by alarm in an hour that one job of a hub is expected to need at most, other than pings and reports, whose
   * intervals are configured. A job that needs twice as many is slowed.
   */
  jobWakes: 3_600,
  /** Milliseconds between two wakes of a slowed job at most: so late a delivery, an expiry or a ping may be. */
  jobWait: 60_000,
  /** Milliseconds without a wake after which a job is slowed no more: longer than `jobWait`. */
  jobCalm: 3_600_000,
  /** Edge hubs of one region that the Worker tries before it answers 503. */
  edgeHubs: 64,
} as const;

/** Limits of what hubs tell an operator. */
export const REPORT_LIMITS = {
  /** Milliseconds after which a hub reports what has happened: less than the 10 s after which it may fall asleep. */
  delay: 8_000,
  /** Milliseconds that a room has been awake when it reports, and at least between two of its reports. */
  roomInterval: 60_000,
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
  /** Milliseconds between two sweeps of expired reports, and for which such a one is kept at least. */
  sweepInterval: 3_600_000,
  /** Milliseconds between two data points of one hub at least. */
  pointInterval: 1_000,
  /** Data points in one invocation (Analytics Engine: 25). */
  pointsPerInvocation: 25,
  /** Bytes of the index of a data point (Analytics Engine: 96). */
  pointIndex: 96,
} as const;
