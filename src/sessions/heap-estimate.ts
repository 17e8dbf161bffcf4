/** What a hub holds that grows with its clients. */
export interface Held {
  readonly sessions: number;
  readonly subscriptions: number;
  /** Channels that are subscribed to, followed, or homed at the hub: one that is two of that counts twice. */
  readonly channels: number;
  /** Characters of what is known of the sessions: users, infos, the names of their channels. */
  readonly length: number;
  /** Bytes of the flight recorder. */
  readonly recorded: number;
}

/** Bytes of the heap that one takes at rest, as `npm run bench` measures them, with room for what is only counted roughly. */
const SESSION = 1_000;
const SUBSCRIPTION = 100;
const CHANNEL = 300;

/** About how many bytes of the heap all of it takes at rest. */
export function estimateMemory({ sessions, subscriptions, channels, length, recorded }: Held): number {
  return sessions * SESSION + subscriptions * SUBSCRIPTION + channels * CHANNEL + length + recorded;
}
