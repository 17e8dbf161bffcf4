/** Limits of the flight recorder: what an object remembers of its clients, and logs when one of them fails. */
export const RECORDER_LIMITS = {
  /** Events in one hub or room: 32 bytes each, half of the 4 MiB that a recorder takes at most. */
  events: 65_536,
  /** Bytes of the names of channels and methods that they have: the other half. */
  names: 2_097_152,
  /** Events for each client there is: a recorder grows no further, since no story is told with more. */
  eventsPerClient: 128,
  /** Characters of a name that are remembered. */
  nameLength: 255,
  /** Bytes of the events in one log line; older ones are left out, and counted. */
  storySize: 16_384,
  /** Stories that one hub or room logs at once, and then one in each `refusalInterval`; more are counted. */
  stories: 8,
  /** Close codes that `operations.storyCodes` may name. */
  storyCodes: 100,
} as const;

/** Limits of a trace: what the one who asks for it may cost the hubs. */
export const TRACE_LIMITS = {
  /** Seconds until a trace ends, default. */
  seconds: 60,
  /** Seconds that may be asked for. */
  mostSeconds: 600,
  /** Events a second that each hub tells, default; more are dropped, and counted. */
  rate: 100,
  /** Events a second that may be asked for. */
  mostRate: 1_000,
  /** Traces of one hub at a time; more are told that it is busy. */
  traces: 4,
  /** Characters of a payload that are told. */
  payloadLength: 4_096,
  /** Characters of lines that wait at a hub for their reader. */
  backlogLength: 262_144,
  /** Bytes that one trace tells. */
  output: 33_554_432,
  /** Hubs of one trace; it says how many others there were. */
  hubs: 32,
  /** Hubs with connections that are asked for a client. */
  searchedHubs: 200,
  /** Of them, hubs that are asked at a time. */
  searchedAtOnce: 10,
  /** Milliseconds between two empty lines where nothing happens: with the next one, it shows that a reader has gone. */
  probeInterval: 1_000,
  /** Milliseconds between two looks for hubs that have joined. */
  lookInterval: 5_000,
  /** Milliseconds after the end of a trace, at which a hub ends it by itself. */
  grace: 5_000,
} as const;
