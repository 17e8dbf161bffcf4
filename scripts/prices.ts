/** What a month includes, and what a million more costs, in US dollars. */
export interface Price {
  readonly included: number;
  readonly perMillion: number;
}

/** When the prices were read: https://developers.cloudflare.com/durable-objects/platform/pricing/ and .../workers/platform/pricing/ */
export const PRICES_OF = "2026-11-23";

/** Dollars a month of the Workers Paid plan. */
export const BASE_FEE = 5;

/** Prices of the Workers Paid plan. */
export const PRICES = {
  /** Requests to the Worker: each connection, and each request to the API or to /metrics. */
  workerRequests: { included: 10_000_000, perMillion: 0.3 },
  /** Milliseconds of processor time of the Worker. */
  workerMilliseconds: { included: 30_000_000, perMillion: 0.02 },
  /** Requests to objects: connections, calls, alarms, and one for every twenty messages from clients. */
  objectRequests: { included: 1_000_000, perMillion: 0.15 },
  /** Gigabyte-seconds of objects in memory; each counts as 128 MB, whatever it uses. */
  gigabyteSeconds: { included: 400_000, perMillion: 12.5 },
  /** Rows written to SQLite; a deleted row and a set alarm are one each. */
  rowsWritten: { included: 50_000_000, perMillion: 1 },
} as const satisfies Record<string, Price>;

export type Item = keyof typeof PRICES;

/** What a day of the Workers Free plan includes. The Worker's time is limited for each request, not for a day. */
export const FREE_A_DAY: Readonly<Record<Item, number>> = {
  workerRequests: 100_000,
  workerMilliseconds: Number.POSITIVE_INFINITY,
  objectRequests: 100_000,
  gigabyteSeconds: 13_000,
  rowsWritten: 100_000,
};

/** Days of the months that are computed. */
export const DAYS_OF_A_MONTH = 30;

/** Gigabytes that an object in memory counts as. */
export const OBJECT_GIGABYTES = 0.128;
/** Messages from clients that are one request. */
export const MESSAGES_PER_REQUEST = 20;
