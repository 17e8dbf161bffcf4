import { expect, test } from "vitest";
import { channelIn, range, useChannels } from "../support/channel-gateway.ts";

const gateway = useChannels();

test("SDK-10: after the runtime was killed clients come back and recover, once and in order", async () => {
  const channel = channelIn("keep");
  const clients = [await gateway.connect({}, channel), await gateway.connect()];
  const feeds = await Promise.all(clients.map((client) => client.subscribe(channel)));
  const [near, far] = clients;
  await near?.publish(channel, range(5));
  for (const feed of feeds) await feed.untilReceived(5);
  await gateway.crash("kept");
  for (const client of clients) await client.untilConnected(2);
  for (const feed of feeds) await feed.untilSubscribed(2);
  await near?.publish(channel, range(5, 6));
  await far?.publish(channel, range(5, 11));
  for (const feed of feeds) {
    await feed.untilReceived(15);
    expect(feed.data).toEqual(range(15));
    expect(feed.publications.map(({ offset }) => offset)).toEqual(range(15));
    expect(feed.subscribed[1]).toMatchObject({ wasRecovering: true, recovered: true });
  }
});

test("SDK-10: what was acknowledged before the runtime was killed is there for who was away", async () => {
  const channel = channelIn("keep");
  const [reader, publisher] = [await gateway.connect(), await gateway.connect({}, channel)];
  const feed = await reader.subscribe(channel);
  await reader.whileAway(async () => {
    await publisher.publish(channel, range(20));
    await gateway.crash("kept");
  });
  await feed.untilReceived(20);
  expect(feed.data).toEqual(range(20));
  expect(feed.latest).toMatchObject({ recovered: true });
});

test("SDK-10: clients of a stream that was lost are told that nothing is recovered", async () => {
  const channel = channelIn("keep");
  const client = await gateway.connect({}, channel);
  const feed = await client.subscribe(channel);
  await client.publish(channel, range(3));
  await feed.untilReceived(3);
  const epoch = feed.latest?.streamPosition?.epoch;
  await gateway.crash("lost");
  await feed.untilSubscribed(2);
  expect(feed.latest).toMatchObject({ wasRecovering: true, recovered: false, streamPosition: { offset: 0 } });
  expect(feed.latest?.streamPosition?.epoch).not.toBe(epoch);
  await client.publish(channel, ["new"]);
  await feed.untilReceived(4);
  expect(feed.publications.at(-1)).toMatchObject({ data: "new", offset: 1 });
});
