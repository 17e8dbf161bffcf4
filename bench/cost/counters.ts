/** What one unit of work costs, counted and measured; `bench/cost-counters.json` holds one of these for each. */
export interface UnitCost {
  /** Messages from clients. Twenty are billed as one request. */
  readonly frames: number;
  readonly rows: number;
  readonly alarms: number;
  /** Calls from object to object, each one a request. */
  readonly calls: number;
  /** Milliseconds of processor time. */
  readonly milliseconds: number;
}

/** Everything that a month is made of. */
export const UNITS = [
  "connect",
  "ping",
  "pingOfSocket",
  "publishLive",
  "publishKept",
  "publishLiveAway",
  "publishKeptAway",
  "delivery",
] as const;

export type Unit = (typeof UNITS)[number];

export interface CostCounters {
  readonly measured: readonly string[];
  readonly units: Readonly<Record<Unit, UnitCost>>;
}
