import { expect } from "vitest";
import { channelIn, range } from "../support/channel-gateway.ts";
import { sign } from "../support/tokens.ts";
import { useSdks } from "./support/scenario.ts";

/** Who has ended a stream is noticed at the next ping. */
const scenario = useSdks({ connection: { pingInterval: 5 } });

const connectionOf = async (sub: string) => ({ tokens: [await sign({ sub })] });

scenario(
  "SDK-17: subscribers get what others publish, in order, with its offset and publisher",
  async ({ connect }) => {
    const channel = channelIn("keep");
    const [reader, publisher] = [await connect(), await connect(await connectionOf("ann"))];
    await reader.subscribe(channel);
    await publisher.publishAll(channel, range(20));
    expect(await reader.received(channel, 20)).toEqual(range(20));
    const publications = reader.all("publication");
    expect(publications.map(({ offset }) => offset)).toEqual(range(20));
    expect(publications.map(({ user }) => user)).toEqual(range(20).map(() => "ann"));
  },
);

scenario("SDK-12: presence, joins and leaves are right", async ({ connect }) => {
  const channel = channelIn("keep");
  const [watcher, member] = [
    await connect(await connectionOf("ann")),
    await connect(await connectionOf("bob")),
  ];
  await watcher.subscribe(channel, { joinLeave: true });
  await member.subscribe(channel);
  await watcher.until("join", 2, channel);
  const [ann, bob] = [
    { user: "ann", id: watcher.id },
    { user: "bob", id: member.id },
  ];
  expect(watcher.all("join")).toMatchObject([ann, bob]);
  expect(await watcher.presence(channel)).toHaveLength(2);
  expect(await watcher.presence(channel)).toEqual(expect.arrayContaining([ann, bob]));
  expect(await watcher.presenceStats(channel)).toEqual({ clients: 2, users: 2 });
  await member.unsubscribe(channel);
  await watcher.until("leave", 1, channel);
  expect(watcher.all("leave")).toMatchObject([bob]);
  expect(await watcher.presence(channel)).toEqual([ann]);
  expect(member.all("unsubscribed")).toMatchObject([{ channel, code: 0 }]);
});

scenario("SDK-12: who loses the connection for good is no longer present", async ({ connect }) => {
  const channel = channelIn("keep");
  const [watcher, member] = [await connect(), await connect()];
  await watcher.subscribe(channel, { joinLeave: true });
  await member.subscribe(channel);
  await watcher.until("join", 2, channel);
  await member.close();
  await watcher.until("leave", 1, channel);
  expect(await watcher.presenceStats(channel)).toEqual({ clients: 1, users: 1 });
});

scenario("SDK-17: history is read in pages, in both directions", async ({ connect }) => {
  const channel = channelIn("keep");
  const client = await connect();
  await client.publishAll(channel, range(25));
  const { epoch, ...top } = await client.history(channel, { limit: 0 });
  expect(top).toEqual({ offset: 25, publications: [] });
  const page = async (offset: number, reverse: boolean) => {
    const { publications } = await client.history(channel, { limit: 10, since: { offset, epoch }, reverse });
    return publications.map(({ data }) => JSON.parse(data) as unknown);
  };
  expect(await page(10, false)).toEqual(range(10, 11));
  expect(await page(20, false)).toEqual(range(5, 21));
  expect(await page(10, true)).toEqual(range(9).reverse());
  const elsewhere = { limit: 1, since: { offset: 0, epoch: "elsewhere" } };
  await expect(client.history(channel, elsewhere)).rejects.toMatchObject({ code: 112 });
});

scenario("SDK-14: a subscription's data reaches the hook, and its answer the client", async ({ connect }) => {
  const [polite, rude] = [channelIn("asked"), channelIn("asked")];
  const client = await connect();
  expect(await client.subscribe(polite, { data: "please" })).toMatchObject({
    data: JSON.stringify("welcome"),
  });
  await client.publish(polite, "hello");
  expect(await client.received(polite, 1)).toEqual([{ from: "", text: "HELLO" }]);
  expect(client.all("publication")).toMatchObject([{ tags: { kind: "shout" } }]);
  await client.follow(rude);
  expect(await client.until("unsubscribed", 1, rude)).toMatchObject({ code: 403, reason: "say please" });
});

scenario("SDK-07: a private channel takes a token, and refuses who has none", async ({ connect }) => {
  const [channel, other] = [channelIn("$closed"), channelIn("$closed")];
  const client = await connect(await connectionOf("ann"));
  await client.subscribe(channel, { tokens: [await sign({ sub: "ann", channel })] });
  await client.follow(other);
  expect(await client.until("unsubscribed", 1, other)).toMatchObject({ code: 103 });
  expect(client.all("connected")).toHaveLength(1);
});

scenario("SDK-05: server-side subscriptions deliver, and recover", async ({ connect }) => {
  const channel = channelIn("keep");
  const client = await connect({ tokens: [await sign({ sub: "ann", channels: [channel] })] });
  const publisher = await connect();
  await client.until("subscribed", 1, channel);
  await publisher.publish(channel, 1);
  await client.received(channel, 1);
  await client.whileAway(() => publisher.publishAll(channel, [2, 3]));
  expect(await client.received(channel, 3)).toEqual([1, 2, 3]);
  expect(client.all("subscribed", channel)).toMatchObject([
    { recovered: false },
    { wasRecovering: true, recovered: true },
  ]);
});
