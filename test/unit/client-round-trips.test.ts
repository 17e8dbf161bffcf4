import { expect, test } from "vitest";
import { layOutChart } from "../../src/client/chart-shape.ts";
import { RoundTrips, summarize } from "../../src/client/round-trips.ts";

test("PAGE-15: a message that comes back unchanged gives a round-trip time", () => {
  const trips = new RoundTrips();
  trips.sent("a", 100);
  trips.sent(Uint8Array.of(1, 2), 101);
  expect(trips.received("a", 110)).toBe(10);
  expect(trips.received(Uint8Array.of(1, 2), 121)).toBe(20);
});

test("PAGE-15: what was not sent, or came back already, gives none", () => {
  const trips = new RoundTrips();
  trips.sent("a", 100);
  expect(trips.received("Hello from server", 101)).toBeUndefined();
  expect(trips.received(new TextEncoder().encode("a"), 102)).toBeUndefined();
  expect(trips.received("a", 103)).toBe(3);
  expect(trips.received("a", 104)).toBeUndefined();
});

test("PAGE-15: equal messages are matched in the order in which they were sent", () => {
  const trips = new RoundTrips();
  trips.sent("a", 100);
  trips.sent("a", 200);
  expect(trips.received("a", 250)).toBe(150);
  expect(trips.received("a", 260)).toBe(60);
});

test("PAGE-15: what a lost connection took with it is forgotten", () => {
  const trips = new RoundTrips();
  trips.sent("a", 100);
  trips.reset();
  expect(trips.received("a", 200)).toBeUndefined();
});

test("PAGE-15: the summary gives last, median and 95th percentile", () => {
  expect(summarize([])).toBeUndefined();
  expect(summarize([7])).toEqual({ last: 7, median: 7, p95: 7 });
  const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(summarize(samples)).toEqual({ last: 1, median: 50, p95: 95 });
});

test("PAGE-15: the chart grows from the right, and a longer time stands higher", () => {
  expect(layOutChart([], 200, 72)).toBeUndefined();
  const shape = layOutChart([10, 40, 20], 200, 72);
  expect(shape?.x).toBe(196);
  const heights = [...(shape?.line.matchAll(/[ML][\d.]+ ([\d.]+)/g) ?? [])].map(([, y]) => Number(y));
  const [first = 0, second = 0, third = 0] = heights;
  expect(second).toBeLessThan(third);
  expect(third).toBeLessThan(first);
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(4);
});
