import { expect, test } from "vitest";
import { useChannels } from "../support/channel-gateway.ts";
import { sign } from "../support/tokens.ts";
import { until } from "../support/until.ts";

const gateway = useChannels({
  connection: {
    personalChannel: { enabled: true, namespace: "own" },
    channelLimit: 3,
    userConnectionLimit: 2,
  },
});

const connectAs = async (sub: string) => gateway.connect({ token: await sign({ sub }) });

test("SDK-05: every connection of a user hears the user's own channel, and recovers it", async () => {
  const [phone, laptop, other] = [await connectAs("ann"), await connectAs("ann"), await connectAs("bob")];
  await other.publish("own:#ann", [1]);
  for (const { serverPublications } of [phone, laptop]) {
    await until(() => serverPublications.length === 1, "the publication");
  }
  await phone.whileAway(() => other.publish("own:#ann", [2, 3]));
  await until(() => phone.serverPublications.length >= 3, "what was missed");
  expect(phone.serverPublications).toMatchObject([
    { channel: "own:#ann", data: 1 },
    { channel: "own:#ann", data: 2 },
    { channel: "own:#ann", data: 3 },
  ]);
  expect(other.serverPublications).toEqual([]);
});

test("SDK-06: one connection too many of a user on a hub is closed with 3504, for good", async () => {
  await connectAs("eve");
  await connectAs("eve");
  const third = gateway.client({ token: await sign({ sub: "eve" }) });
  third.centrifuge.connect();
  expect(await third.untilDisconnected()).toEqual({ code: 3504, reason: "connection limit" });
});

test("SDK-07: one subscription too many is error 106", async () => {
  const client = await gateway.connect();
  for (const channel of ["plain:1", "plain:2", "plain:3"]) await client.subscribe(channel);
  const feed = client.follow("plain:4");
  await until(() => feed.unsubscribed.length > 0, "the refusal");
  expect(feed.unsubscribed[0]).toMatchObject({ code: 106, reason: "limit exceeded" });
});
