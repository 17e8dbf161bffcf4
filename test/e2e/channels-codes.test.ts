import { describe, expect, test } from "vitest";
import { channelIn, inSeconds, useChannels } from "../support/channel-gateway.ts";
import { sign } from "../support/tokens.ts";
import { until } from "../support/until.ts";

const gateway = useChannels({ connection: { allowAnonymous: false } });
const withoutHooks = useChannels({ hooks: false });

const connect = () => gateway.connect({ data: { nick: "ann" } });

describe("closes", () => {
  test.each([
    ["a token that is none", { token: "x" }, 3500, "invalid token"],
    ["no credentials", {}, 3501, "bad request"],
    ["a hook that says 4500", { data: { close: { code: 4500, reason: "banned" } } }, 4500, "banned"],
  ])("SDK-06: %s ends the client when it connects", async (_, options, code, reason) => {
    const client = gateway.client(options);
    client.centrifuge.connect();
    expect(await client.untilDisconnected()).toEqual({ code, reason });
    expect(client.sockets).toHaveLength(1);
  });

  test.each([4500, 4999])("SDK-06: a hook that closes with %i ends the client", async (code) => {
    const client = await connect();
    await client.centrifuge.send({ close: { code, reason: "that is enough" } });
    expect(await client.untilDisconnected()).toEqual({ code, reason: "that is enough" });
    expect(client.sockets).toHaveLength(1);
  });

  test.each([4000, 4499])("SDK-06: a client that a hook closes with %i comes back", async (code) => {
    const client = await connect();
    client.centrifuge.rpc("close", { close: { code, reason: "try again" } }).catch(() => {});
    await client.untilConnected(2);
    expect(client.connecting[1]).toEqual({ code, reason: "try again" });
    expect(client.disconnected).toEqual([]);
  });

  test("SDK-06: a user whose token changes is closed with 3500", async () => {
    const getToken = (): Promise<string> =>
      sign({ sub: client.connected.length === 0 ? "ann" : "bob", exp: inSeconds(2) });
    const client = gateway.client({ getToken });
    await client.connect();
    expect(await client.untilDisconnected()).toEqual({ code: 3500, reason: "invalid token" });
  });

  test("SDK-06: a message over 512 KiB ends the client", async () => {
    const client = await connect();
    client.centrifuge.publish("keep:large", "x".repeat(530_000)).catch(() => {});
    expect(await client.untilDisconnected()).toEqual({ code: 3, reason: "message size limit exceeded" });
  });

  test("SDK-07: a publication over 64 KiB is error 107, and the connection goes on", async () => {
    const client = await connect();
    await expect(client.centrifuge.publish("keep:large", "x".repeat(70_000))).rejects.toMatchObject({
      code: 107,
    });
    await client.centrifuge.publish("keep:large", "x".repeat(60_000));
    expect(client.disconnected).toEqual([]);
  });

  test("SDK-06: a subscription token for somebody else closes with 3500", async () => {
    const channel = channelIn("$closed");
    const client = await connect();
    client.follow(channel, { token: await sign({ sub: "eve", channel }) });
    expect(await client.untilDisconnected()).toEqual({ code: 3500, reason: "invalid token" });
  });

  test("SDK-06: without a message hook, a message closes with 3508", async () => {
    const client = await withoutHooks.connect();
    await client.centrifuge.send("hello");
    expect(await client.untilDisconnected()).toEqual({ code: 3508, reason: "not available" });
  });
});

describe("errors", () => {
  test.each([
    ["an unknown namespace", "nowhere:a", 102, "unknown channel"],
    ["a channel that is closed", "closed:a", 103, "permission denied"],
    ["a private channel without a token", "$closed:a", 103, "permission denied"],
    ["other users' channel", "dialog:a#bob,eve", 103, "permission denied"],
    ["a name over 255 bytes", `keep:${"x".repeat(255)}`, 107, "bad request"],
    ["a channel that the hook refuses", "asked:a", 403, "say please"],
  ])("SDK-07: subscribing to %s ends the subscription", async (_, channel, code, reason) => {
    const client = await connect();
    const feed = client.follow(channel);
    await until(() => feed.unsubscribed.length > 0, "the refusal");
    expect(feed.unsubscribed).toEqual([{ channel, code, reason }]);
    expect(client.connected).toHaveLength(1);
  });

  test("SDK-07: publish, history and presence are refused with their codes, and the connection goes on", async () => {
    const { centrifuge } = await connect();
    const refusals = [
      [centrifuge.publish("listen:a", 1), 103],
      [centrifuge.publish("dialog:a#ann", 1), 103],
      [centrifuge.publish("nowhere:a", 1), 102],
      [centrifuge.history("plain:a", { limit: 1 }), 108],
      [centrifuge.history("nowhere:a", { limit: 1 }), 102],
      [centrifuge.presence("plain:a"), 108],
      [centrifuge.presenceStats("plain:a"), 108],
    ] as const;
    for (const [asking, code] of refusals) await expect(asking).rejects.toMatchObject({ code });
    await centrifuge.publish("keep:a", 1);
  });

  test("SDK-07: a user-limited channel is for those whose ids are in its name", async () => {
    const channel = "dialog:a#ann,bob";
    const client = await connect();
    const feed = await client.subscribe(channel);
    await client.centrifuge.publish(channel, "hello");
    await feed.untilReceived(1);
    expect(feed.publications[0]).toMatchObject({ data: "hello", info: { user: "ann", client: client.id } });
  });

  test("SDK-14: rpc is answered by the hook, or with its error", async () => {
    const { centrifuge } = await connect();
    expect(await centrifuge.rpc("whoami", null)).toEqual({ data: { user: "ann" } });
    await expect(centrifuge.rpc("fail", null)).rejects.toMatchObject({ code: 1_000, message: "not today" });
    await expect(centrifuge.rpc("unheard", null)).rejects.toMatchObject({ code: 104 });
  });

  test("SDK-14: without an rpc hook, rpc is error 108", async () => {
    const { centrifuge } = await withoutHooks.connect();
    await expect(centrifuge.rpc("whoami", null)).rejects.toMatchObject({ code: 108 });
  });

  test("SDK-14: a message reaches the hook", async () => {
    const { centrifuge } = await connect();
    const message = { id: crypto.randomUUID() };
    await centrifuge.send(message);
    const lastMessage = async () => (await centrifuge.rpc("last message", null)).data as typeof message;
    await until(async () => (await lastMessage())?.id === message.id, "the message");
  });

  test("SDK-14: the subscribe and the publish hook decide, and change what is sent", async () => {
    const channel = channelIn("asked");
    const client = await connect();
    const feed = await client.subscribe(channel, { data: "please" });
    expect(feed.latest?.data).toBe("welcome");
    await client.centrifuge.publish(channel, "hello");
    await feed.untilReceived(1);
    expect(feed.publications[0]).toMatchObject({
      data: { from: "ann", text: "HELLO" },
      tags: { kind: "shout" },
      info: { user: "ann", chanInfo: { polite: true } },
    });
  });
});
