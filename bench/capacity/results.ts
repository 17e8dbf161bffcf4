/** What `npm run capacity` has measured, as `bench/capacity.json` holds it; bytes and milliseconds unless it says otherwise. */
export interface CapacityResults {
  readonly measured: readonly string[];
  readonly sessions: readonly HeapOfSession[];
  /** Heap of a socket in a room. */
  readonly roomSocket: number;
  readonly wakes: readonly Wake[];
  readonly hubs: readonly Audience[];
  readonly rooms: readonly Audience[];
  readonly presence: readonly Presence[];
  readonly followers: readonly Followers[];
}

/** Heap of a session with so many subscriptions, which no other session has, or which all have. */
export interface HeapOfSession {
  readonly subscriptions: number;
  readonly own: number;
  readonly shared: number;
}

/** A hub as full as it gets with sessions of one shape, in the heap of one object, and how it woke. */
export interface Wake {
  readonly subscriptions: number;
  readonly sharing: "own" | "shared";
  readonly sessions: number;
  /** What the hub believes to hold. */
  readonly estimated: number;
  /** What it held before it slept, after a collection. */
  readonly rest: number;
  /** The most that was in use while it woke, garbage among it. */
  readonly peak: number;
  /** Until it answered the call that woke it. */
  readonly milliseconds: number;
}

/** How late messages are. */
export interface Lateness {
  /** Until the last one has a message, when nothing else goes on: the median, and the worst. */
  readonly last: number;
  readonly worst: number;
  /** Publications a second while a few are always under way. */
  readonly perSecond: number;
}

/** One channel, or one room, with so many subscribers. */
export interface Audience extends Lateness {
  readonly subscribers: number;
}

/** The presence of a channel with so many members, all at its home. */
export interface Presence {
  readonly members: number;
  readonly list: number;
  readonly stats: number;
}

/** One home that so many hubs follow, each with a few subscribers, all in one process. */
export interface Followers extends Lateness {
  readonly hubs: number;
}
