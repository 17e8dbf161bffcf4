import { Centrifuge } from "centrifuge/build/protobuf";
import { describe, expect, test } from "vitest";
import type { Feed } from "../support/channel-client.ts";
import { channelIn, inSeconds, range, useChannels } from "../support/channel-gateway.ts";
import { sign } from "../support/tokens.ts";
import { until } from "../support/until.ts";

const gateway = useChannels();

const encoder = new TextEncoder();
/** A payload as an app of this SDK writes it. */
const payload = (value: unknown) => encoder.encode(JSON.stringify(value));
const textOf = (data: unknown) => new TextDecoder().decode(data as Uint8Array);
const valuesOf = ({ publications }: Feed) =>
  publications.map(({ data }) => JSON.parse(textOf(data)) as unknown);

const speakProtobuf = (options: object = {}, at?: string) =>
  gateway.connect(options, at, Centrifuge as unknown as Parameters<typeof gateway.connect>[2]);

describe("the official SDK, built for Protobuf", () => {
  test("PB-22: connects with a token and data, and refreshes it", async () => {
    const claims = { sub: "ann", info: { age: 7 } };
    let asked = 0;
    const getToken = () => {
      asked += 1;
      return sign({ ...claims, exp: inSeconds(asked === 1 ? 3 : 3_600) });
    };
    const client = await speakProtobuf({ getToken });
    await until(() => asked === 2, "the refresh");
    expect(client.disconnected).toEqual([]);
    expect(client.sockets).toHaveLength(1);
    const hooked = await speakProtobuf({ data: payload({ nick: "bob" }) });
    expect(textOf(hooked.connected[0]?.data)).toBe('{"hello":"bob"}');
    const { data } = await hooked.centrifuge.rpc("whoami", new Uint8Array(0));
    expect(textOf(data)).toBe('{"user":"bob"}');
    await expect(hooked.centrifuge.rpc("nothing", payload(1))).rejects.toMatchObject({ code: 104 });
  });

  test("PB-22: publishes to clients of both codecs and reads what they publish, with every digit", async () => {
    const channel = channelIn("keep");
    const [json, protobuf] = [await gateway.connect(), await speakProtobuf({}, channel)];
    const feeds = [await json.subscribe(channel), await protobuf.subscribe(channel)];
    await protobuf.centrifuge.publish(channel, encoder.encode('{"n":12345678901234567890}'));
    await json.centrifuge.publish(channel, { from: "json" });
    for (const feed of feeds) await feed.untilReceived(2);
    expect(json.frames.some(({ text }) => text.includes('"data":{"n":12345678901234567890}'))).toBe(true);
    expect(feeds[1]?.publications.map(({ data }) => textOf(data))).toEqual([
      '{"n":12345678901234567890}',
      '{"from":"json"}',
    ]);
    expect(feeds[1]?.publications.map(({ offset }) => Number(offset))).toEqual([1, 2]);
    expect(feeds[1]?.publications[0]?.info).toMatchObject({ client: protobuf.id });
  });

  test("PB-22: sees presence, joins and leaves, history and positions", async () => {
    const channel = channelIn("keep");
    const [json, protobuf] = [await gateway.connect(), await speakProtobuf()];
    const feed = await protobuf.subscribe(channel, { joinLeave: true });
    await json.subscribe(channel);
    await until(() => feed.joins.length === 2, "both joins");
    const { clients } = await feed.subscription.presence();
    expect(Object.keys(clients).sort()).toEqual([json.id, protobuf.id].sort());
    expect(await feed.subscription.presenceStats()).toMatchObject({ numClients: 2 });
    await json.publish(channel, range(3));
    const history = await feed.subscription.history({ limit: 2, reverse: true });
    expect(history.publications.map(({ data }) => textOf(data))).toEqual(["3", "2"]);
    expect(Number(history.offset)).toBe(3);
    json.centrifuge.disconnect();
    await until(() => feed.leaves.length === 1, "the leave");
  });

  test("PB-22: recovers what it missed, once and in order, after its connection and after the runtime", async () => {
    const channel = channelIn("keep");
    const client = await speakProtobuf();
    const feed = await client.subscribe(channel);
    const publisher = await gateway.connect();
    await publisher.publish(channel, range(3));
    await client.whileAway(() => publisher.publish(channel, range(20, 4)));
    await feed.untilSubscribed(2);
    await feed.untilReceived(23);
    const times = [client, publisher].map(({ connected }) => connected.length + 1);
    await gateway.crash("kept");
    for (const [index, one] of [client, publisher].entries()) await one.untilConnected(times[index] ?? 0);
    await publisher.publish(channel, range(5, 24));
    await feed.untilReceived(28);
    expect(valuesOf(feed)).toEqual(range(28));
    expect(feed.latest).toMatchObject({ wasRecovering: true, recovered: true });
  });

  test("PB-22: is told errors and reasons, and asks for the tokens of private channels", async () => {
    const client = await speakProtobuf({ token: await sign({ sub: "ann" }) });
    const closed = client.follow(channelIn("nowhere"));
    await until(() => closed.unsubscribed.length === 1, "the refusal");
    expect(closed.unsubscribed[0]).toMatchObject({ code: 102, reason: "unknown channel" });
    const channel = `$${channelIn("keep")}`;
    const feed = await client.subscribe(channel, { getToken: () => sign({ sub: "ann", channel }) });
    expect(feed.latest).toMatchObject({ recoverable: true });
    const refused = gateway.client({ token: "no token" }, undefined, Centrifuge as never);
    refused.centrifuge.connect();
    expect(await refused.untilDisconnected()).toMatchObject({ code: 3500, reason: "invalid token" });
  });

  test("PB-22: has server-side subscriptions", async () => {
    const channel = channelIn("keep");
    const client = await speakProtobuf({ token: await sign({ sub: "ann", channels: [channel] }) });
    const publisher = await gateway.connect();
    await publisher.publish(channel, [1]);
    await until(() => client.serverPublications.length === 1, "the publication");
    expect(client.serverPublications[0]).toMatchObject({ channel });
    expect(client.serverSubscribed[0]).toMatchObject({ channel, recoverable: true });
  });

  test("PB-22: sends many and long messages", async () => {
    const channel = channelIn("keep");
    const [client, publisher] = [await speakProtobuf(), await speakProtobuf({}, channel)];
    const feed = await client.subscribe(channel);
    const long = "ü".repeat(20_000);
    await Promise.all(range(200).map((n) => publisher.centrifuge.publish(channel, payload(n))));
    await publisher.centrifuge.publish(channel, payload(long));
    await feed.untilReceived(201);
    expect(valuesOf(feed)).toEqual([...range(200), long]);
  });

  test("PB-22: exchanges bytes that are no JSON in a channel of them", async () => {
    const channel = channelIn("bytes");
    const [client, publisher] = [await speakProtobuf(), await speakProtobuf({}, channel)];
    const feed = await client.subscribe(channel);
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    await publisher.centrifuge.publish(channel, bytes);
    await feed.untilReceived(1);
    expect(Uint8Array.from(feed.publications[0]?.data as Uint8Array)).toEqual(bytes);
    const json = (await gateway.connect()).follow(channel);
    await until(() => json.unsubscribed.length === 1, "the refusal");
    expect(json.unsubscribed[0]).toMatchObject({ code: 108 });
    await expect(publisher.centrifuge.publish(channelIn("keep"), bytes)).rejects.toMatchObject({ code: 107 });
  });
});
