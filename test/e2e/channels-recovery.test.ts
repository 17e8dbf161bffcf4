import { describe, expect, test } from "vitest";
import { channelIn, range, useChannels } from "../support/channel-gateway.ts";

const gateway = useChannels();

/** The same at the home of the channel and away from it. */
const PLACES = [
  { where: "at the home", isHome: true },
  { where: "at the edge", isHome: false },
];

async function follower(channel: string, isHome: boolean) {
  const client = await gateway.connect({}, isHome ? channel : undefined);
  return { client, feed: await client.subscribe(channel) };
}

describe.each(PLACES)("a client that comes back $where", ({ isHome }) => {
  test("SDK-04: gets everything that it missed, once and in order", async () => {
    const channel = channelIn("keep");
    const { client, feed } = await follower(channel, isHome);
    const publisher = await gateway.connect();
    await publisher.publish(channel, range(3));
    await feed.untilReceived(3);
    await client.whileAway(() => publisher.publish(channel, range(20, 4)));
    await feed.untilSubscribed(2);
    await publisher.publish(channel, [24]);
    await feed.untilReceived(24);
    expect(feed.data).toEqual(range(24));
    expect(feed.publications.map(({ offset }) => offset)).toEqual(range(24));
    expect(feed.latest).toMatchObject({
      wasRecovering: true,
      recovered: true,
      hasRecoveredPublications: true,
    });
  });

  test("SDK-04: misses nothing while others go on publishing, however often it is dropped", async () => {
    const channel = channelIn("keep");
    const { client, feed } = await follower(channel, isHome);
    const publisher = await gateway.connect({}, channel);
    const publishing = publisher.publishMany(channel, range(600), 3);
    for (const times of [1, 2, 3]) {
      await feed.untilReceived(times * 40);
      client.socket.terminate();
      await client.untilConnected(times + 1);
    }
    await publishing;
    await feed.untilReceived(600);
    expect(feed.data).toEqual(range(600));
  });

  test("CHAN-24: 300 missed publications are recovered", async () => {
    const channel = channelIn("keep");
    const { client, feed } = await follower(channel, isHome);
    const publisher = await gateway.connect();
    await client.whileAway(() => publisher.publishMany(channel, range(300)));
    await feed.untilReceived(300);
    expect(feed.data).toEqual(range(300));
    expect(feed.latest).toMatchObject({ wasRecovering: true, recovered: true });
  });

  test("CHAN-24: 301 missed publications are not, and the client is told", async () => {
    const channel = channelIn("keep");
    const { client, feed } = await follower(channel, isHome);
    const publisher = await gateway.connect();
    await client.whileAway(() => publisher.publishMany(channel, range(301)));
    await feed.untilSubscribed(2);
    expect(feed.latest).toMatchObject({
      wasRecovering: true,
      recovered: false,
      hasRecoveredPublications: false,
    });
    await publisher.publish(channel, ["next"]);
    await feed.untilReceived(1);
    expect(feed.publications).toMatchObject([{ data: "next", offset: 302 }]);
  });

  test("CHAN-22: what history_size has trimmed is not recovered, and the client is told", async () => {
    const channel = channelIn("few");
    const { client, feed } = await follower(channel, isHome);
    const publisher = await gateway.connect();
    await client.whileAway(() => publisher.publish(channel, range(6)));
    await feed.untilSubscribed(2);
    expect(feed.latest).toMatchObject({
      wasRecovering: true,
      recovered: false,
      streamPosition: { offset: 6 },
    });
    await client.whileAway(() => publisher.publish(channel, range(5, 7)));
    await feed.untilReceived(5);
    expect(feed.latest).toMatchObject({ recovered: true });
    expect(feed.data).toEqual(range(5, 7));
  });

  test("CHAN-22: a position of another epoch is not recovered", async () => {
    const channel = channelIn("keep");
    const publisher = await gateway.connect();
    await publisher.publish(channel, range(3));
    const client = await gateway.connect({}, isHome ? channel : undefined);
    const feed = await client.subscribe(channel, { since: { offset: 1, epoch: "elsewhere" } });
    expect(feed.latest).toMatchObject({
      wasRecovering: true,
      recovered: false,
      streamPosition: { offset: 3 },
    });
    expect(feed.data).toEqual([]);
  });

  test("CHAN-23: an app with a state of its own loads it again when its position cannot be recovered", async () => {
    const channel = channelIn("few");
    const publisher = await gateway.connect();
    await publisher.publish(channel, range(3));
    let loads = 0;
    const getState = async () => {
      loads += 1;
      const { offset, epoch } = await publisher.centrifuge.history(channel, { limit: 0 });
      return { offset, epoch };
    };
    const client = await gateway.connect({}, isHome ? channel : undefined);
    const feed = await client.subscribe(channel, { getState });
    await client.whileAway(() => publisher.publish(channel, range(3, 4)));
    await feed.untilReceived(3);
    expect(loads).toBe(1);
    await client.whileAway(() => publisher.publish(channel, range(10, 7)));
    await feed.untilSubscribed(3);
    expect(loads).toBe(2);
    await publisher.publish(channel, ["next"]);
    await feed.untilReceived(4);
    expect(feed.data).toEqual([4, 5, 6, "next"]);
    expect(feed.unsubscribed).toEqual([]);
  });

  test("CHAN-21: a first subscribe may say since when", async () => {
    const channel = channelIn("keep");
    const publisher = await gateway.connect();
    await publisher.publish(channel, range(5));
    const { epoch } = await publisher.centrifuge.history(channel, { limit: 0 });
    const client = await gateway.connect({}, isHome ? channel : undefined);
    const feed = await client.subscribe(channel, { since: { offset: 2, epoch } });
    await feed.untilReceived(3);
    expect(feed.data).toEqual([3, 4, 5]);
  });

  test("CHAN-26: in cache mode the newest publication is what is recovered", async () => {
    const channel = channelIn("state");
    const { client, feed } = await follower(channel, isHome);
    const publisher = await gateway.connect();
    await publisher.publish(channel, ["first"]);
    await feed.untilReceived(1);
    await client.whileAway(() => publisher.publishMany(channel, range(400)));
    await feed.untilReceived(2);
    expect(feed.latest).toMatchObject({ wasRecovering: true, recovered: true });
    expect(feed.data).toEqual(["first", 400]);
    await client.whileAway(async () => {});
    await feed.untilSubscribed(3);
    expect(feed.latest).toMatchObject({ recovered: true, hasRecoveredPublications: false });
    expect(feed.data).toEqual(["first", 400]);
  });

  test("CHAN-28: auto_cache_recover gives a new subscriber the newest publication", async () => {
    const channel = channelIn("latest");
    const publisher = await gateway.connect();
    await publisher.publish(channel, ["old", "new"]);
    const { feed } = await follower(channel, isHome);
    await feed.untilReceived(1);
    expect(feed.data).toEqual(["new"]);
    expect(feed.latest).toMatchObject({ wasRecovering: true, recovered: true });
    await publisher.publish(channel, ["newer"]);
    await feed.untilReceived(2);
    expect(feed.data).toEqual(["new", "newer"]);
  });
});

describe("history", () => {
  test("CHAN-31: a stream can be read through in pages, in both directions", async () => {
    const channel = channelIn("keep");
    const { centrifuge } = await gateway.connect();
    for (const data of range(25)) await centrifuge.publish(channel, data);
    for (const reverse of [false, true]) {
      const read: unknown[] = [];
      let page = await centrifuge.history(channel, { limit: 10, reverse });
      while (page.publications.length > 0) {
        read.push(...page.publications.map(({ data }) => data));
        const offset = page.publications.at(-1)?.offset ?? 0;
        if (reverse && offset === 1) break;
        page = await centrifuge.history(channel, {
          limit: 10,
          reverse,
          since: { offset, epoch: page.epoch },
        });
      }
      expect(read).toEqual(reverse ? range(25).reverse() : range(25));
    }
  });

  test("CHAN-30: a limit of 0 tells where the stream is, and a negative one reads 300 at most", async () => {
    const channel = channelIn("keep");
    const publisher = await gateway.connect();
    await publisher.publishMany(channel, range(310));
    const position = await publisher.centrifuge.history(channel, { limit: 0 });
    expect(position).toMatchObject({
      publications: [],
      offset: 310,
      epoch: expect.stringMatching(/^\w{8}$/),
    });
    const { publications } = await publisher.centrifuge.history(channel, { limit: -1 });
    expect(publications.map(({ data }) => data)).toEqual(range(300));
  });

  test("CHAN-32: a position of another epoch is error 112", async () => {
    const channel = channelIn("keep");
    const { centrifuge } = await gateway.connect();
    await centrifuge.publish(channel, 1);
    const reading = centrifuge.history(channel, { limit: 1, since: { offset: 0, epoch: "elsewhere" } });
    await expect(reading).rejects.toMatchObject({ code: 112 });
  });
});
