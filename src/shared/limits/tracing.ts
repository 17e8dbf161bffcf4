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
