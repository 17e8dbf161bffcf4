import { expect, test } from "vitest";
import { reconnectDelay } from "../../src/client/backoff.ts";

test("PAGE-07: the wait before a reconnect doubles with each attempt", () => {
  expect([1, 2, 3, 4].map((attempt) => reconnectDelay(attempt, 1))).toEqual([500, 1000, 2000, 4000]);
});

test("PAGE-07: the wait is never longer than 15 seconds", () => {
  expect(reconnectDelay(50, 1)).toBe(15_000);
  expect(reconnectDelay(5_000, 1)).toBe(15_000);
});

test("PAGE-07: half of the wait is random", () => {
  expect(reconnectDelay(2, 0)).toBe(500);
  expect(reconnectDelay(2, 0.5)).toBe(750);
});
