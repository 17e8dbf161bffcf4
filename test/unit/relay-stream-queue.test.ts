import { expect, test } from "vitest";
import { StreamQueue } from "../../src/relay/stream-queue.ts";

const bytes = (...values: readonly number[]) => Uint8Array.from(values);

test("HTTP-09: what waits is taken as one chunk, in order", () => {
  const queue = new StreamQueue(10, 5_000);
  queue.add(bytes(1, 2));
  queue.add(bytes(3));
  expect([queue.size, ...queue.take()]).toEqual([3, 1, 2, 3]);
  expect([queue.size, queue.take().length]).toEqual([0, 0]);
});

test("HTTP-09: a client is slow when more than the limit has waited for the whole time", () => {
  const queue = new StreamQueue(2, 5_000);
  queue.add(bytes(1, 2));
  expect(queue.isSlow(0)).toBe(false);
  queue.add(bytes(3));
  expect([queue.isSlow(1_000), queue.isSlow(5_999), queue.isSlow(6_000)]).toEqual([false, false, true]);
});

test("HTTP-09: not when it takes something meanwhile", () => {
  const queue = new StreamQueue(2, 5_000);
  queue.add(bytes(1, 2, 3));
  expect(queue.isSlow(0)).toBe(false);
  queue.take();
  queue.add(bytes(1, 2, 3));
  expect([queue.isSlow(6_000), queue.isSlow(10_999)]).toEqual([false, false]);
  expect(queue.isSlow(11_000)).toBe(true);
});
