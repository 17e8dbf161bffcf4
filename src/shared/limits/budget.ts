/** Limits of what a day's budget refuses: `operations.budget`. */
export const BUDGET_LIMITS = {
  /** Percent of the budget from which on connections without a user are refused. */
  anonymous: 100,
  /** Percent of the budget from which on all new connections are refused. */
  connections: 110,
  /** Percent of the budget from which on commands for channels are refused that are new to the hub of their client. */
  channels: 120,
  /** Percent of the budget from which on history and presence are refused over the server API. */
  reads: 130,
  /**
   * Milliseconds for which the Worker refuses by itself what a hub or room has refused, and between two times that it asks
   * the directory while connections come.
   */
  learned: 60_000,
  /** Seconds that somebody who is refused is told to wait. */
  retryAfter: 60,
} as const;
