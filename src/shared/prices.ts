/** Prices of the Workers Paid plan, as the gateway and the cost page reckon with them. */

/** What a month includes, and what a million more costs, in US dollars. */
export interface Price {
  readonly included: number;
  readonly perMillion: number;
}

/** When the prices were read: https://developers.cloudflare.com/durable-objects/platform/pricing/ and .../workers/platform/pricing/ */
export const PRICES_OF = "2026-11-23";

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

/** Gigabytes that an object in memory counts as. */
export const OBJECT_GIGABYTES = 0.128;
/** Messages from clients that are one request. */
export const MESSAGES_PER_REQUEST = 20;
