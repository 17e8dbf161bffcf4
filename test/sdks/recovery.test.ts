import { expect } from "vitest";
import { channelIn, range } from "../support/channel-gateway.ts";
import { useSdks } from "./support/scenario.ts";

const scenario = useSdks();

scenario(
  "SDK-04: a client that was away gets everything that it missed, once and in order",
  async ({ connect }) => {
    const channel = channelIn("keep");
    const [reader, publisher] = [await connect(), await connect()];
    await reader.subscribe(channel);
    await publisher.publishAll(channel, range(3));
    await reader.received(channel, 3);
    await reader.whileAway(() => publisher.publishAll(channel, range(20, 4)));
    await reader.until("subscribed", 2, channel);
    await publisher.publish(channel, 24);
    expect(await reader.received(channel, 24)).toEqual(range(24));
    expect(reader.all("subscribed")[1]).toMatchObject({ wasRecovering: true, recovered: true });
  },
);

scenario(
  "SDK-04: nothing is missed while others go on publishing, however often it is dropped",
  async ({ connect }) => {
    const channel = channelIn("keep");
    const [reader, publisher] = [await connect(), await connect()];
    await reader.subscribe(channel);
    const publishing = publisher.publishAll(channel, range(150));
    for (const times of [1, 2, 3]) {
      await reader.received(channel, times * 20);
      reader.relay.cut();
      await reader.untilConnected(times + 1);
    }
    await publishing;
    expect(await reader.received(channel, 150)).toEqual(range(150));
  },
);

scenario("SDK-04: who was away for longer than the stream reaches back is told", async ({ connect }) => {
  const channel = channelIn("few");
  const [reader, publisher] = [await connect(), await connect()];
  await reader.subscribe(channel);
  await reader.whileAway(() => publisher.publishAll(channel, range(6)));
  expect(await reader.until("subscribed", 2, channel)).toMatchObject({
    wasRecovering: true,
    recovered: false,
  });
  await publisher.publish(channel, 7);
  expect(await reader.received(channel, 1)).toEqual([7]);
});

scenario(
  "SDK-10: after the runtime was killed clients come back and recover",
  async ({ gateway, connect }) => {
    const channel = channelIn("keep");
    const [reader, publisher] = [await connect(), await connect()];
    await reader.subscribe(channel);
    await publisher.publishAll(channel, range(5));
    await reader.received(channel, 5);
    await reader.whileAway(async () => {
      await publisher.publishAll(channel, range(5, 6));
      await gateway.crash("kept");
    });
    await publisher.untilConnected(2);
    await publisher.publishAll(channel, range(5, 11));
    expect(await reader.received(channel, 15)).toEqual(range(15));
    expect(reader.all("subscribed")[1]).toMatchObject({ wasRecovering: true, recovered: true });
  },
);

scenario("SDK-10: clients of a stream that was lost are told so", async ({ gateway, connect }) => {
  const channel = channelIn("keep");
  const client = await connect();
  await client.subscribe(channel);
  await client.publishAll(channel, range(3));
  await client.received(channel, 3);
  await gateway.crash("lost");
  expect(await client.until("subscribed", 2, channel)).toMatchObject({
    wasRecovering: true,
    recovered: false,
  });
  await client.publish(channel, "new");
  expect(await client.received(channel, 4)).toEqual([1, 2, 3, "new"]);
});
