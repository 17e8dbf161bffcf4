import { describe, expect, test } from "vitest";
import { channelIn, range, useChannels } from "../support/channel-gateway.ts";
import { UNLIMITED } from "../support/rates.ts";
import { sign } from "../support/tokens.ts";
import { until } from "../support/until.ts";

const gateway = useChannels({ connection: { commandRate: UNLIMITED } });

describe("many channels on one connection", () => {
  test("SDK-03: 100 subscribes to 100 homes that take 100 ms each go in one message, and each is answered", async () => {
    const client = gateway.client();
    const channels = range(100).map(() => channelIn("slow"));
    const feeds = channels.map((channel) => client.follow(channel));
    await client.connect();
    for (const feed of feeds) await feed.untilSubscribed();
    expect(client.connected).toHaveLength(1);
    expect(client.sent).toHaveLength(1);
    const publisher = await gateway.connect();
    await Promise.all(channels.map((channel) => publisher.centrifuge.publish(channel, channel)));
    for (const feed of feeds) await feed.untilReceived(1);
    expect(feeds.map(({ data }) => data)).toEqual(channels.map((channel) => [channel]));
  });

  test("SDK-13: 128 subscribes with tokens of more than 2,000 characters go in the message of the connect", async () => {
    const client = gateway.client();
    const channels = range(128).map(() => channelIn("keep"));
    const info = "x".repeat(1_500);
    const tokens = await Promise.all(channels.map((channel) => sign({ channel, sub: "", info })));
    const feeds = channels.map((channel, index) => client.follow(channel, { token: tokens[index] ?? "" }));
    await client.connect();
    for (const feed of feeds) await feed.untilSubscribed();
    expect(client.sent).toHaveLength(1);
    expect(client.sent[0]?.length).toBeGreaterThan(256_000);
    expect(client.connected).toHaveLength(1);
  });

  test("SDK-13: what the SDK batches goes in one frame, and every command is answered", async () => {
    const channel = channelIn("keep");
    const client = await gateway.connect();
    const feed = await client.subscribe(channel);
    const before = client.sent.length;
    client.centrifuge.startBatching();
    const publishing = range(50).map((data) => client.centrifuge.publish(channel, data));
    const asking = client.centrifuge.presenceStats(channel);
    client.centrifuge.stopBatching();
    await Promise.all(publishing);
    expect(await asking).toEqual({ numClients: 1, numUsers: 1 });
    expect(client.sent.slice(before)).toHaveLength(1);
    await feed.untilReceived(50);
    expect(feed.data).toEqual(range(50));
  });
});

describe.concurrent("two hubs", () => {
  test("SDK-11: two clients on different hubs publish 1,000 each: everything arrives once, in each one's order", async () => {
    const channel = channelIn("keep");
    const clients = [await gateway.connect({}, channel), await gateway.connect({}, channelIn("keep"))];
    const feeds = await Promise.all(clients.map((client) => client.subscribe(channel)));
    const publishing = clients.map((client, from) =>
      client.publishMany(
        channel,
        range(1_000).map((number) => ({ from, number })),
      ),
    );
    await Promise.all(publishing);
    for (const feed of feeds) {
      await feed.untilReceived(2_000);
      expect(feed.publications.map(({ offset }) => offset)).toEqual(range(2_000));
      for (const publisher of [0, 1]) {
        const numbers = feed.publications.filter(({ data }) => data.from === publisher);
        expect(numbers.map(({ data }) => data.number)).toEqual(range(1_000));
      }
    }
    expect(feeds[0]?.data).toEqual(feeds[1]?.data);
  });

  test("SDK-12: presence counts connections and users on all hubs, and is 1, then 0, after unsubscribing", async () => {
    const channel = channelIn("keep");
    const [near, far] = [
      await gateway.connect({}, channel),
      await gateway.connect({ data: { nick: "bob" } }),
    ];
    const [here, there] = [await near.subscribe(channel), await far.subscribe(channel)];
    for (const { centrifuge } of [near, far]) {
      const { clients } = await centrifuge.presence(channel);
      expect(Object.keys(clients).sort()).toEqual([near.id, far.id].sort());
      expect(clients).toMatchObject({
        [near.id]: { client: near.id, user: "" },
        [far.id]: { client: far.id, user: "bob", connInfo: { nick: "bob" } },
      });
      expect(await centrifuge.presenceStats(channel)).toEqual({ numClients: 2, numUsers: 2 });
    }
    there.subscription.unsubscribe();
    expect(await far.centrifuge.presenceStats(channel)).toEqual({ numClients: 1, numUsers: 1 });
    here.subscription.unsubscribe();
    expect(await near.centrifuge.presenceStats(channel)).toEqual({ numClients: 0, numUsers: 0 });
  });

  test("SDK-12: joins and leaves on one hub are told on the other, each once", async () => {
    const channel = channelIn("keep");
    const watcher = await gateway.connect({}, channel);
    const watching = await watcher.subscribe(channel, { joinLeave: true });
    await until(() => watching.joins.length === 1, "its own join");
    const guest = await gateway.connect({ data: { nick: "bob" } });
    const feed = await guest.subscribe(channel);
    await until(() => watching.joins.length === 2, "the join");
    feed.subscription.unsubscribe();
    await until(() => watching.leaves.length === 1, "the leave");
    feed.subscription.subscribe();
    await until(() => watching.joins.length === 3, "the second join");
    guest.centrifuge.disconnect();
    await until(() => watching.leaves.length === 2, "the leave of who disconnected");
    const info = { client: guest.id, user: "bob", connInfo: { nick: "bob" } };
    expect(watching.joins.map((join) => join.info)).toEqual([{ client: watcher.id, user: "" }, info, info]);
    expect(watching.leaves.map((leave) => leave.info)).toEqual([info, info]);
  });

  test("SDK-12: a client that vanishes leaves, and is not present any more", async () => {
    const channel = channelIn("keep");
    const watcher = await gateway.connect({}, channel);
    const watching = await watcher.subscribe(channel, { joinLeave: true });
    const guest = await gateway.connect();
    await guest.subscribe(channel);
    await until(() => watching.joins.length === 2, "the join");
    const { id } = guest;
    await guest.whileAway(async () => {
      await until(() => watching.leaves.length === 1, "the leave");
      expect(watching.leaves[0]?.info.client).toBe(id);
      await until(
        async () => (await watcher.centrifuge.presenceStats(channel)).numClients === 1,
        "presence without the guest",
      );
    });
  });

  test("SDK-12: subscribing and unsubscribing in a loop ends where it should", async () => {
    const channel = channelIn("keep");
    const client = await gateway.connect();
    const feed = client.follow(channel);
    for (let times = 0; times < 10; times += 1) {
      feed.subscription.unsubscribe();
      feed.subscription.subscribe();
    }
    await feed.subscription.ready();
    expect(await client.centrifuge.presenceStats(channel)).toEqual({ numClients: 1, numUsers: 1 });
    feed.subscription.unsubscribe();
    expect(await client.centrifuge.presenceStats(channel)).toEqual({ numClients: 0, numUsers: 0 });
    await client.centrifuge.publish(channel, "to nobody");
    expect(feed.publications).toEqual([]);
  });

  test("DELIV-27: presence is error 100 when a hub does not answer, and the connection goes on", async () => {
    const channel = channelIn("mute");
    const [near, far] = [await gateway.connect({}, channel), await gateway.connect({}, channelIn("plain"))];
    await far.subscribe(channel);
    await expect(near.centrifuge.presence(channel)).rejects.toMatchObject({ code: 100 });
    const feed = await near.subscribe(channel);
    await far.publish(channel, ["still here"]);
    await feed.untilReceived(1);
    expect(near.connected).toHaveLength(1);
  });
});
