import type { Item } from "../src/shared/prices.ts";

export * from "../src/shared/prices.ts";

/** Dollars a month of the Workers Paid plan. */
export const BASE_FEE = 5;

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
