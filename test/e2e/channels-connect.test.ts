import { UnauthorizedError } from "centrifuge";
import { describe, expect, test } from "vitest";
import { channelIn, inSeconds, useChannels } from "../support/channel-gateway.ts";
import { sign } from "../support/tokens.ts";
import { until } from "../support/until.ts";

/** Here a refresh is never too late, however busy the machine is. */
const gateway = useChannels({ connection: { expiredCloseDelay: 3_600 } });
/** Here it soon is. */
const hasty = useChannels({ connection: { expiredCloseDelay: 1 } });

/** Counts how often a token was asked for. */
function tokens(claims: () => Record<string, unknown>) {
  let asked = 0;
  return {
    get asked() {
      return asked;
    },
    getToken: () => {
      asked += 1;
      return sign(claims());
    },
  };
}

/** Gives out tokens that soon expire, and none any more once `isIn`, until `isSilent` is over: then one that lasts. */
function silentAfter(isIn: () => boolean, claims: Record<string, unknown>) {
  const source = {
    isSilent: true,
    getToken: (): Promise<string> => {
      if (!source.isSilent) return sign(claims);
      return isIn() ? new Promise(() => {}) : sign({ ...claims, exp: inSeconds(2) });
    },
  };
  return source;
}

describe("connecting", () => {
  test("SDK-01: a client without a token connects where anonymous users may", async () => {
    const { connected, id } = await gateway.connect();
    expect(connected).toEqual([{ client: expect.stringMatching(/^[\da-f-]{36}$/), transport: "websocket" }]);
    expect(id).not.toBe((await gateway.connect()).id);
  });

  test("SDK-01: a token says who the user is, and others see its info", async () => {
    const channel = channelIn("keep");
    const client = await gateway.connect({ token: await sign({ sub: "ann", info: { age: 7 } }) });
    const { subscription } = await client.subscribe(channel);
    const { clients } = await subscription.presence();
    expect(clients).toMatchObject({ [client.id]: { client: client.id, user: "ann", connInfo: { age: 7 } } });
  });

  test("SDK-01: connect data goes to the hook, and its answer comes back", async () => {
    const client = await gateway.connect({ data: { nick: "bob" } });
    expect(client.connected[0]?.data).toEqual({ hello: "bob" });
    expect(await client.centrifuge.rpc("whoami", null)).toEqual({ data: { user: "bob" } });
  });

  test("SDK-01: connecting and disconnecting in a loop ends where it should", async () => {
    const client = gateway.client();
    for (let times = 0; times < 10; times += 1) {
      client.centrifuge.connect();
      client.centrifuge.disconnect();
    }
    await client.connect();
    expect(client.centrifuge.state).toBe("connected");
    client.centrifuge.disconnect();
    expect(client.disconnected.at(-1)).toEqual({ code: 0, reason: "disconnect called" });
  });
});

describe.concurrent("tokens that run out", () => {
  /** Seconds in which a token comes to the gateway. */
  const BRIEFLY = 5;

  test("SDK-02: a connection token is refreshed in time, and the connection stays", async () => {
    const source = tokens(() => ({ sub: "ann", exp: inSeconds(BRIEFLY) }));
    const client = await gateway.connect({ getToken: source.getToken });
    await until(() => source.asked >= 3, "two refreshes");
    expect(client.connected).toHaveLength(1);
    expect(client.connecting).toHaveLength(1);
    expect(await client.centrifuge.rpc("whoami", null)).toEqual({ data: { user: "ann" } });
  });

  test("SDK-02: a subscription token is refreshed in time, and the subscription stays", async () => {
    const channel = channelIn("$closed");
    const client = await gateway.connect();
    const source = tokens(() => ({ sub: "", channel, exp: inSeconds(BRIEFLY) }));
    const feed = await client.subscribe(channel, { getToken: source.getToken });
    await until(() => source.asked >= 3, "two refreshes");
    expect(feed.subscribed).toHaveLength(1);
    expect(feed.errors).toEqual([]);
    expect(feed.subscription.state).toBe("subscribed");
  });

  test("SDK-02: an expired token makes the client ask for another one and come back", async () => {
    const source = tokens(() => ({ sub: "ann" }));
    const token = await sign({ sub: "ann", exp: inSeconds(-10) });
    const client = await gateway.connect({ token, getToken: source.getToken });
    expect(source.asked).toBe(1);
    expect(client.disconnected).toEqual([]);
  });

  test("SDK-02: so does an expired subscription token", async () => {
    const channel = channelIn("$closed");
    const client = await gateway.connect();
    const source = tokens(() => ({ sub: "", channel }));
    const token = await sign({ sub: "", channel, exp: inSeconds(-10) });
    const feed = await client.subscribe(channel, { token, getToken: source.getToken });
    expect(source.asked).toBe(1);
    expect(feed.unsubscribed).toEqual([]);
  });

  test("SDK-02: a client that cannot ask for another one ends", async () => {
    const client = gateway.client({ token: await sign({ sub: "ann", exp: inSeconds(-10) }) });
    client.centrifuge.connect();
    expect(await client.untilDisconnected()).toEqual({ code: 1, reason: "unauthorized" });
  });

  test("SDK-02: a connection that nobody refreshes is closed with 3005, and comes back with a new token", async () => {
    const source = silentAfter(() => client.connected.length > 0, { sub: "ann" });
    const client = hasty.client({ getToken: source.getToken });
    await client.connect();
    await until(() => client.connecting.length > 1, "the close");
    expect(client.connecting[1]).toEqual({ code: 3005, reason: "connection expired" });
    source.isSilent = false;
    await client.untilConnected(2);
  });

  test("SDK-02: a subscription that nobody refreshes ends with 2501, and comes back with a new token", async () => {
    const channel = channelIn("$closed");
    const client = await hasty.connect();
    const source = silentAfter(() => feed.subscribed.length > 0, { sub: "", channel });
    const feed = client.follow(channel, { getToken: source.getToken });
    await feed.untilSubscribed();
    await until(() => feed.subscribing.length > 1, "the end of the subscription");
    expect(feed.subscribing[1]).toMatchObject({ code: 2501, reason: "subscription expired" });
    source.isSilent = false;
    await feed.untilSubscribed(2);
    expect(client.connected).toHaveLength(1);
  });

  test("SDK-02: a user who may not come any more is told so by getToken alone", async () => {
    const client = gateway.client({ getToken: () => Promise.reject(new UnauthorizedError("no")) });
    client.centrifuge.connect();
    expect(await client.untilDisconnected()).toEqual({ code: 1, reason: "unauthorized" });
  });
});

describe("server-side subscriptions", () => {
  test("SDK-05: channels and subs of the token are subscribed to, each with its data and position", async () => {
    const [one, other] = [channelIn("closed"), channelIn("keep")];
    const token = await sign({ sub: "ann", channels: [one], subs: { [other]: { data: { hello: 1 } } } });
    const client = await gateway.connect({ token });
    await until(() => client.serverSubscribed.length === 2, "the subscriptions");
    expect(client.serverSubscribed).toMatchObject([
      { channel: one, recoverable: true, positioned: true, streamPosition: { offset: 0 } },
      { channel: other, recoverable: true, data: { hello: 1 } },
    ]);
    await client.centrifuge.publish(other, "live");
    await until(() => client.serverPublications.length === 1, "the publication");
    expect(client.serverPublications[0]).toMatchObject({ channel: other, data: "live", offset: 1 });
  });

  test("SDK-05: they recover what was missed, once and in order", async () => {
    const channel = channelIn("keep");
    const client = await gateway.connect({ token: await sign({ sub: "ann", channels: [channel] }) });
    const publisher = await gateway.connect();
    await publisher.publish(channel, [1]);
    await until(() => client.serverPublications.length === 1, "the first publication");
    await client.whileAway(() => publisher.publish(channel, [2, 3]));
    await publisher.publish(channel, [4]);
    await until(() => client.serverPublications.length >= 4, "the rest");
    expect(client.serverPublications.map(({ data }) => data)).toEqual([1, 2, 3, 4]);
    expect(client.serverSubscribed[1]).toMatchObject({ wasRecovering: true, recovered: true });
  });

  test("SDK-05: a channel that the next token leaves out is unsubscribed", async () => {
    const [stays, goes] = [channelIn("keep"), channelIn("keep")];
    let channels = [stays, goes];
    const client = await gateway.connect({ getToken: () => sign({ sub: "ann", channels }) });
    channels = [stays];
    client.centrifuge.setToken("");
    await client.whileAway(async () => {});
    await until(() => client.serverUnsubscribed.length > 0, "the unsubscription");
    expect(client.serverUnsubscribed).toEqual([goes]);
  });
});
