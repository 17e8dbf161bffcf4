import { expect, test } from "vitest";
import { TotalBackpressure } from "../../src/websocket/total-backpressure.ts";

const LIMIT = 32_000;

/** Clients who take nothing of what is sent by themselves. */
function clients(count: number) {
  const sinks = Array.from({ length: count }, () => ({ bufferedAmount: 0 }));
  const total = new TotalBackpressure(LIMIT, () => sinks);
  const send = (index: number, bytes: number) => {
    const sink = sinks[index];
    if (sink) sink.bufferedAmount += bytes;
    total.add(bytes);
  };
  return { sinks, total, send };
}

test("HUB-55 ABUSE-50: who takes what is sent keeps the limit of its own, however much that is", () => {
  const { sinks, total, send } = clients(10);
  for (let round = 0; round < 100; round += 1) {
    sinks.forEach((sink, index) => {
      sink.bufferedAmount = 0;
      send(index, 1_000);
    });
    expect(total.limitOf(5_000)).toBe(5_000);
  }
});

test("HUB-55 ABUSE-50: where all together are too slow, the limit is the share, until enough has been taken", () => {
  const { sinks, total, send } = clients(10);
  for (let index = 0; index < 10; index += 1) send(index, 3_200);
  expect(total.limitOf(5_000)).toBe(5_000);
  send(0, 1);
  expect([total.limitOf(5_000), total.limitOf(10)]).toEqual([LIMIT / 10, 10]);
  for (const sink of sinks.slice(1)) sink.bufferedAmount = 0;
  send(0, 1_001);
  expect(total.limitOf(5_000)).toBe(5_000);
});

test("HUB-55 ABUSE-50: where the runtime does not tell what waits, every limit is its own", () => {
  const total = new TotalBackpressure(LIMIT, () => [{}, {}]);
  for (let sent = 0; sent < 10; sent += 1) total.add(LIMIT);
  expect(total.limitOf(5_000)).toBe(5_000);
});
