import { expect, test } from "vitest";
import { captureErrors } from "../../support/log.ts";
import { ask, batch } from "../../support/node/api-client.ts";
import { dataOf, FATES, Gate, Scene } from "../../support/node/delivery-scene.ts";
import { until } from "../../support/until.ts";

/** Publishes numbers in one request; those that `isPassing` go without history, and so without an offset. */
async function publishAll(channel: string, numbers: readonly number[], isPassing: (data: number) => boolean) {
  const commands = numbers.map((data) => ({ publish: { channel, data, skip_history: isPassing(data) } }));
  await batch(commands);
}

const range = (count: number, first = 1) => Array.from({ length: count }, (_, index) => first + index);
const isOdd = (data: number) => data % 2 === 1;

test.each(["home", "edge"] as const)(
  "DELIV-36: publications with and without an offset come in the order in which they were published (at the %s)",
  async (where) => {
    const scene = new Scene("keep", 1);
    const reader = await scene.subscriber(where === "home" ? scene.home : scene.edge());
    await publishAll(scene.channel, range(9), isOdd);
    expect(await dataOf(reader, scene.channel, 9)).toEqual(range(9));
  },
);

test("DELIV-36: so do those of several ticks that go in one call", async () => {
  const scene = new Scene("large", 1);
  const reader = await scene.subscriber(scene.edge());
  const gate = new Gate();
  scene.befall("deliver", gate.before, 1);
  await publishAll(scene.channel, [1], isOdd);
  await until(() => gate.waiting === 1);
  for (const first of [2, 5, 8]) await publishAll(scene.channel, range(3, first), isOdd);
  gate.open();
  expect(await dataOf(reader, scene.channel, 10)).toEqual(range(10));
  await scene.untilSettled();
  expect(scene.delivered).toHaveLength(2);
});

test("DELIV-36: one without an offset waits for those before it that do not fit into a call", async () => {
  const scene = new Scene("large", 1);
  const reader = await scene.subscriber(scene.edge());
  const gate = new Gate();
  scene.befall("deliver", gate.before, 1);
  await publishAll(scene.channel, [0], isOdd);
  await until(() => gate.waiting === 1);
  const data = "x".repeat(100_000);
  for (let count = 0; count < 25; count += 1) await ask("publish", { channel: scene.channel, data });
  await publishAll(scene.channel, [1, 2], isOdd);
  gate.open();
  expect(await dataOf(reader, scene.channel, 28)).toEqual([0, ...Array(25).fill(data), 1, 2]);
});

test("DELIV-36: what has an offset comes again after a call that failed, what has none may be lost", async () => {
  captureErrors();
  const scene = new Scene("large", 1);
  const reader = await scene.subscriber(scene.edge());
  scene.befall("deliver", FATES.lost, 1);
  await publishAll(scene.channel, range(4), isOdd);
  await until(() => scene.delivered.length === 1 && scene.underWay.size === 0);
  await publishAll(scene.channel, [5, 6], isOdd);
  expect(await dataOf(reader, scene.channel, 4)).toEqual([2, 4, 5, 6]);
});
