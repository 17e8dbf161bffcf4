import { expect, test } from "vitest";
import { grantSubscription, serverSideRequest } from "../../src/operations/granted-subscription.ts";
import { abandonAll, lengthOfHistories, openAllElsewhere } from "../../src/operations/openings.ts";
import { FakeHub, openingOf } from "../support/operations.ts";

/** What a hub opened for channels whose recoveries have so many characters, and within how many it asked. */
async function opened(replyMaxLength: number, lengths: Readonly<Record<string, number>>) {
  const hub = new FakeHub({}, { replyMaxLength });
  const asked: [channel: string, length: number | undefined][] = [];
  const open = new Set<object>();
  hub.open = async (channel, recovery) => {
    asked.push([channel, recovery?.length]);
    const isLong = (lengths[channel] ?? 0) > (recovery?.length ?? 0);
    const publications = isLong ? [] : ["x".repeat(lengths[channel] ?? 0)];
    const opening = openingOf({
      ...{ isLong, history: { first: 1, publications } },
      abandon: () => void open.delete(opening),
    });
    open.add(opening);
    return opening;
  };
  const options = hub.factsOf("news:1").options;
  if (options === undefined) throw new Error("there is no such namespace");
  const subscriptions = Object.keys(lengths).map((channel) =>
    grantSubscription(
      { user: "ann", insecure: false },
      serverSideRequest(channel, { offset: 0, epoch: "e" }, false),
      options,
      {},
    ),
  );
  return { openings: await openAllElsewhere(hub, subscriptions), asked, open };
}

test("CHAN-46: each channel has an equal part, and what some leave over goes to those that need more", async () => {
  const { openings, asked, open } = await opened(300, { "news:1": 10, "news:2": 150, "news:3": 20 });
  expect(asked).toEqual([
    ["news:1", 100],
    ["news:2", 100],
    ["news:3", 100],
    ["news:2", 270],
  ]);
  expect(openings && lengthOfHistories(openings)).toBe(180);
  expect(open.size).toBe(3);
});

test("CHAN-46: what is left in the end goes to the first of those that do not fit", async () => {
  const { openings, asked } = await opened(300, { "news:1": 10, "news:2": 200, "news:3": 200 });
  expect(asked.slice(3)).toEqual([
    ["news:2", 145],
    ["news:3", 145],
    ["news:2", 290],
  ]);
  expect(openings && lengthOfHistories(openings)).toBe(210);
});

test("CHAN-46: channels that are homed here keep their part, and are not opened yet", async () => {
  const { openings, asked } = await opened(300, { "news:1": 10, "news:here": 10 });
  expect(asked).toEqual([["news:1", 150]]);
  expect(openings?.size).toBe(1);
});

test("CHAN-46: all that is open can be abandoned", async () => {
  const { openings, open } = await opened(300, { "news:1": 10, "news:2": 10 });
  if (openings) abandonAll(openings);
  expect(open.size).toBe(0);
});
