import { expect, test } from "vitest";
import { FrameQueue } from "../../src/rooms/frame-queue.ts";

test("ROOM-11: a synchronous event runs at once, and nothing is left to wait for", () => {
  const queue = new FrameQueue();
  const ran: number[] = [];
  for (const number of [1, 2]) {
    expect(queue.run(() => void ran.push(number), 5)).toBeUndefined();
  }
  expect([ran, queue.count, queue.bytes]).toEqual([[1, 2], 0, 0]);
});

test("ROOM-11: an event waits for those before it, and is counted until it has ended", async () => {
  const queue = new FrameQueue();
  const ran: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  void queue.run(() => promise.then(() => void ran.push("slow")), 10);
  const last = queue.run(() => void ran.push("fast"), 20);
  expect([ran, queue.count, queue.bytes]).toEqual([[], 2, 30]);
  resolve();
  await last;
  expect([ran, queue.count, queue.bytes]).toEqual([["slow", "fast"], 0, 0]);
  expect(queue.run(() => void ran.push("at once"))).toBeUndefined();
  expect(ran).toHaveLength(3);
});
