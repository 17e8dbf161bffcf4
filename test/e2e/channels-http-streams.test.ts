import { Centrifuge as Protobuf } from "centrifuge/build/protobuf";
import { describe, expect, onTestFinished, test } from "vitest";
import { ChannelClient } from "../support/channel-client.ts";
import { channelIn, inSeconds, range, useChannels } from "../support/channel-gateway.ts";
import { UNLIMITED } from "../support/rates.ts";
import { sign } from "../support/tokens.ts";
import { until } from "../support/until.ts";

describe.each(["http_stream", "sse"] as const)("the SDK over %s", (transport) => {
  const gateway = useChannels({ transport, connection: { byteRate: UNLIMITED } });
  const pinging = useChannels({ transport, connection: { pingInterval: 1 } });

  test("HTTP-14: connects, and does everything that it does over WebSocket", async () => {
    const channel = channelIn("keep");
    const client = await gateway.connect({ data: { nick: "bob" } }, channel);
    expect(client.connected).toEqual([{ client: expect.any(String), transport, data: { hello: "bob" } }]);
    expect(await client.centrifuge.rpc("whoami", null)).toEqual({ data: { user: "bob" } });
    const feed = await client.subscribe(channel, { joinLeave: true });
    await client.publish(channel, range(20));
    await feed.untilReceived(20);
    expect(feed.data).toEqual(range(20));
    expect(await feed.subscription.presenceStats()).toEqual({ numClients: 1, numUsers: 1 });
    expect((await feed.subscription.history({ limit: 30 })).publications).toHaveLength(20);
    for (let times = 2; times <= 10; times += 1) {
      feed.subscription.unsubscribe();
      feed.subscription.subscribe();
      await feed.untilSubscribed(times);
    }
    await expect(client.centrifuge.publish("closed:a", 1)).rejects.toMatchObject({ code: 103 });
    await client.publishMany(channel, range(50, 21), 1);
    await feed.untilReceived(70);
    expect(client.connecting).toHaveLength(1);
  });

  test("HTTP-14: gets everything that it missed, once and in order", async () => {
    const channel = channelIn("keep");
    const client = await gateway.connect();
    const feed = await client.subscribe(channel);
    const publisher = await gateway.connect();
    await publisher.publish(channel, range(3));
    await feed.untilReceived(3);
    await client.whileAway(() => publisher.publish(channel, range(20, 4)));
    await feed.untilSubscribed(2);
    await publisher.publish(channel, [24]);
    await feed.untilReceived(24);
    expect(feed.data).toEqual(range(24));
    expect(feed.latest).toMatchObject({ wasRecovering: true, recovered: true });
  });

  test("HTTP-14: misses nothing while others go on publishing, however often it is dropped", async () => {
    const channel = channelIn("keep");
    const client = await gateway.connect({}, channel);
    const feed = await client.subscribe(channel);
    const publisher = await gateway.connect({}, channel);
    const publishing = publisher.publishMany(channel, range(300), 1);
    for (const times of [1, 2, 3]) {
      await feed.untilReceived(times * 40);
      client.drop();
      await client.untilConnected(times + 1);
    }
    await publishing;
    await feed.untilReceived(300);
    expect(feed.data).toEqual(range(300));
  });

  test("HTTP-05: is pinged, stays, and posts nothing", async () => {
    const client = await pinging.connect();
    const beside = new ChannelClient(`ws://127.0.0.1:${pinging.port}/connection/websocket`);
    await Promise.all([client.subscribe(channelIn("keep")), beside.connect()]);
    const pings = () =>
      beside.frames.filter(({ direction, text }) => direction === "received" && text === "{}");
    // Without its pongs the hub would end it after two pings.
    await until(() => pings().length >= 4 && client.network.posted === 1);
    beside.centrifuge.disconnect();
    expect([client.connected.length, client.network.posted, client.network.opened]).toEqual([1, 1, 1]);
  });

  test("HTTP-11: one that goes is no longer present", async () => {
    const channel = channelIn("keep");
    const [watcher, client] = [await pinging.connect(), await pinging.connect()];
    const watching = await watcher.subscribe(channel, { joinLeave: true });
    await client.subscribe(channel);
    client.centrifuge.disconnect();
    await until(() => watching.leaves.length === 1, "the leave");
    expect(await watching.subscription.presenceStats()).toEqual({ numClients: 1, numUsers: 1 });
  });

  test("HTTP-13: a wrong token ends it with 3500, after one try", async () => {
    const client = gateway.client({ token: "wrong" });
    client.centrifuge.connect();
    expect(await client.untilDisconnected()).toEqual({ code: 3500, reason: "invalid token" });
    expect([client.network.opened, client.network.statuses]).toEqual([1, [200]]);
  });

  test("HTTP-13: one whose token has expired gets another, and comes", async () => {
    let asked = 0;
    const getToken = () => {
      asked += 1;
      return sign({ sub: "ann", exp: inSeconds(3_600) });
    };
    const client = gateway.client({ token: await sign({ sub: "ann", exp: inSeconds(-10) }), getToken });
    await client.connect();
    expect(asked).toBe(1);
    expect(await client.centrifuge.rpc("whoami", null)).toEqual({ data: { user: "ann" } });
  });

  test("HTTP-06: terminal codes end it, others make it come back", async () => {
    const client = await gateway.connect();
    client.centrifuge.rpc("close", { close: { code: 4_000, reason: "try again" } }).catch(() => {});
    await client.untilConnected(2);
    expect(client.connecting[1]).toEqual({ code: 4_000, reason: "try again" });
    client.centrifuge.rpc("close", { close: { code: 4_500, reason: "enough" } }).catch(() => {});
    expect(await client.untilDisconnected()).toEqual({ code: 4_500, reason: "enough" });
  });

  test("HTTP-14: falls back from what does not answer", async () => {
    const port = gateway.port;
    const client = new ChannelClient(
      [
        { transport: "websocket", endpoint: `ws://127.0.0.1:${port}/connection/nowhere` },
        { transport: "http_stream", endpoint: `http://127.0.0.1:${port}/connection/nowhere` },
        { transport, endpoint: `http://127.0.0.1:${port}/connection/${transport}` },
      ],
      { emulationEndpoint: `http://127.0.0.1:${port}/emulation` },
    );
    await client.connect();
    expect(client.connected[0]).toMatchObject({ transport });
    client.centrifuge.disconnect();
  });

  test("HTTP-14: a long history arrives whole", async () => {
    const channel = channelIn("keep");
    const client = await gateway.connect({}, channel);
    for (const _ of range(20)) await client.centrifuge.publish(channel, "x".repeat(60_000));
    const { publications } = await client.centrifuge.history(channel, { limit: 20 });
    expect(publications.map(({ data }) => String(data).length)).toEqual(range(20).map(() => 60_000));
  });

  test("HTTP-14: after the runtime was killed, it comes back and has everything", async () => {
    const channel = channelIn("keep");
    const client = await gateway.connect({}, channel);
    const feed = await client.subscribe(channel);
    await client.publish(channel, range(10));
    await feed.untilReceived(10);
    await gateway.crash("kept");
    await client.untilConnected(2);
    await feed.untilSubscribed(2);
    await client.publish(channel, range(5, 11));
    await feed.untilReceived(15);
    expect(feed.publications.map(({ offset }) => offset)).toEqual(range(15));
    expect(feed.latest).toMatchObject({ wasRecovering: true, recovered: true });
  });
});

describe("the SDK built for Protobuf, over http_stream", () => {
  const gateway = useChannels();

  test("HTTP-23: does what it does over WebSocket, and hears sessions that speak JSON", async () => {
    const channel = channelIn("keep");
    const at = `http://127.0.0.1:${gateway.port}`;
    const endpoint = `${at}/connection/http_stream?channel=${channel}`;
    const client = new Protobuf([{ transport: "http_stream", endpoint }], {
      emulationEndpoint: `${at}/emulation`,
    });
    onTestFinished(() => client.disconnect());
    const heard: unknown[] = [];
    const subscription = client.newSubscription(channel);
    subscription.on("publication", ({ data }) =>
      heard.push(JSON.parse(new TextDecoder().decode(data as Uint8Array))),
    );
    subscription.subscribe();
    client.connect();
    await subscription.ready();
    const json = await gateway.connect({}, channel);
    const feed = await json.subscribe(channel);
    await client.publish(channel, new TextEncoder().encode('{"n":1}'));
    await json.centrifuge.publish(channel, { n: 2 });
    await feed.untilReceived(2);
    await until(() => heard.length === 2);
    expect([heard, feed.data]).toEqual([
      [{ n: 1 }, { n: 2 }],
      [{ n: 1 }, { n: 2 }],
    ]);
    expect(await subscription.presenceStats()).toEqual({ numClients: 2, numUsers: 1 });
    await expect(client.publish("closed:a", new TextEncoder().encode("1"))).rejects.toMatchObject({
      code: 103,
    });
  });

  test("HTTP-23: a wrong token ends it with 3500, and a hook that closes is told", async () => {
    const at = `http://127.0.0.1:${gateway.port}`;
    const transports = () => [
      { transport: "http_stream" as const, endpoint: `${at}/connection/http_stream` },
    ];
    const ended = (client: Protobuf) =>
      new Promise((resolve) => client.on("disconnected", ({ code, reason }) => resolve([code, reason])));
    const refused = new Protobuf(transports(), { emulationEndpoint: `${at}/emulation`, token: "wrong" });
    refused.connect();
    expect(await ended(refused)).toEqual([3500, "invalid token"]);
    const closed = new Protobuf(transports(), { emulationEndpoint: `${at}/emulation` });
    closed.connect();
    await closed.ready();
    const close = JSON.stringify({ close: { code: 4_500, reason: "enough" } });
    closed.rpc("close", new TextEncoder().encode(close)).catch(() => {});
    expect(await ended(closed)).toEqual([4_500, "enough"]);
  });
});
