import { beforeAll, describe, expect, test } from "vitest";
import { userHome } from "../../../src/channels/control.ts";
import { inSeconds, sign } from "../../support/hub-config.ts";
import { ask, codeOf, enableUserCommands } from "../../support/node/api-client.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import {
  arrived,
  connectAs,
  newChannel,
  newHub,
  newUser,
  scene,
  sleepAll,
} from "../../support/node/users-scene.ts";
import { until } from "../../support/until.ts";

beforeAll(enableUserCommands);

describe("subscribe", () => {
  test.each([false, true])(
    "API-30: a user is subscribed on all hubs, and nobody else (asleep: %s)",
    async (sleeps) => {
      const { user, hubs, here, there, other } = await scene();
      const channel = newChannel("keep");
      const { offset, epoch } = await ask("publish", { channel, data: 0 });
      if (sleeps) await sleepAll([...hubs, new TestHub({ name: userHome(user) })]);
      expect(await ask("subscribe", { user, channel, data: { a: 1 }, info: { role: "guest" } })).toEqual({});
      for (const { client } of [here, there]) {
        const { subscribe } = await client.push("subscribe");
        expect(subscribe).toEqual({ recoverable: true, positioned: true, epoch, offset, data: { a: 1 } });
      }
      await ask("publish", { channel, data: 1 });
      for (const { client } of [here, there])
        expect(await client.publication(channel)).toEqual({ data: 1, offset: 2 });
      const { presence } = await ask("presence", { channel });
      expect(presence).toEqual({
        [here.id]: { user, client: here.id, chan_info: { role: "guest" } },
        [there.id]: { user, client: there.id, chan_info: { role: "guest" } },
      });
      await arrived(other.client);
      expect(other.client.unread).toEqual([]);
    },
  );

  test("API-30: `client` means one connection, and a session id none", async () => {
    const { user, here, there } = await scene();
    const [one, none] = [newChannel("open"), newChannel("open")];
    await ask("subscribe", { user, channel: none, session: "a" });
    await ask("subscribe", { user, channel: one, client: there.id });
    expect(await there.client.push("subscribe")).toMatchObject({ channel: one });
    await arrived(here.client);
    expect(here.client.unread).toEqual([]);
    expect(await ask("presence_stats", { channel: none })).toMatchObject({ num_clients: 0 });
  });

  test("API-31: publications since a position are recovered, in order and before later ones", async () => {
    const user = newUser();
    const { client } = await connectAs(user, newHub());
    const channel = newChannel("keep");
    const { epoch } = await ask("publish", { channel, data: 1 });
    for (const data of [2, 3]) await ask("publish", { channel, data });
    await ask("subscribe", { user, channel, recover_since: { offset: 1, epoch } });
    expect((await client.push("subscribe")).subscribe).toMatchObject({ offset: 1, epoch });
    await ask("publish", { channel, data: 4 });
    for (const data of [2, 3, 4]) expect((await client.publication(channel))?.data).toBe(data);
  });

  test("API-31: an override changes options for the subscription, and expire_at ends it", async () => {
    const user = newUser();
    const hub = newHub({ connection: { userCommands: true, expiredCloseDelay: 0 } });
    const { client } = await connectAs(user, hub);
    const channel = newChannel("readers");
    const override = { presence: { value: true }, force_positioning: { value: true } };
    await ask("subscribe", { user, channel, override, expire_at: inSeconds(1) });
    expect((await client.push("subscribe")).subscribe).toMatchObject({ positioned: true });
    await until(async () => {
      await hub.runAlarm();
      return client.isClosed;
    });
    expect(await client.closed).toMatchObject({ code: 3006 });
  });

  test("API-32: the subscription outlives sleep and a refresh of the token", async () => {
    const user = newUser();
    const hub = newHub();
    const { client } = await connectAs(user, hub);
    const channel = newChannel("open");
    await ask("subscribe", { user, channel });
    await client.push("subscribe");
    await hub.sleep();
    const token = await sign({ sub: user, exp: inSeconds(7200) });
    expect(await client.ask("refresh", { token })).toMatchObject({ expires: true });
    await ask("publish", { channel, data: 1 });
    expect(await client.publication(channel)).toEqual({ data: 1 });
  });

  test("API-32: a token that names the channel too is no other token", async () => {
    const user = newUser();
    const { client } = await connectAs(user, newHub());
    const channel = newChannel("open");
    await ask("subscribe", { user, channel });
    await client.push("subscribe");
    for (const channels of [[channel], [], [channel]]) {
      const token = await sign({ sub: user, exp: inSeconds(7200), channels });
      expect(await client.ask("refresh", { token })).toMatchObject({ expires: true });
    }
    client.send({ refresh: { token: await sign({ sub: user, channels: [newChannel("open")] }) } });
    expect((await client.closed).code).toBe(3010);
  });

  test("API-32: who is subscribed already, or has too many subscriptions, is left alone", async () => {
    const user = newUser();
    const hub = newHub({ connection: { userCommands: true, channelLimit: 1 } });
    const { client } = await connectAs(user, hub);
    const channel = newChannel("open");
    await client.subscribe(channel);
    await ask("subscribe", { user, channel });
    await ask("subscribe", { user, channel: newChannel("open") });
    await ask("publish", { channel, data: 1 });
    await client.publication(channel);
    expect(client.unread.filter(({ push }) => push?.subscribe)).toEqual([]);
  });
});

test("API-34: a command on a channel waits for what the client has under way there", async () => {
  const user = newUser();
  const hub = newHub();
  const { client } = await connectAs(user, hub);
  const channel = newChannel("open");
  const letGo = new TestHub({ name: `home/${channel}` }).hold();
  const [id = 0] = client.send({ subscribe: { channel } });
  for (const method of ["subscribe", "unsubscribe"]) await ask(method, { user, channel });
  // Commands on a user arrive in order: with the last one, those before it have.
  await ask("refresh", { user });
  await client.push("refresh");
  letGo();
  expect(await client.reply(id)).toEqual({ id, subscribe: {} });
  expect(await client.push("unsubscribe")).toMatchObject({ channel });
  expect(client.unread).toEqual([]);
  const lines = client.frames.join("\n");
  expect(lines.indexOf(`"id":${id}`)).toBeLessThan(lines.indexOf('"unsubscribe"'));
  expect(await ask("presence_stats", { channel })).toMatchObject({ num_clients: 0 });
});

describe("unsubscribe", () => {
  test.each([false, true])(
    "API-33: a user is unsubscribed from a channel on all hubs (asleep: %s)",
    async (sleeps) => {
      const { user, hubs, here, there, other } = await scene();
      const channel = newChannel("open");
      for (const { client } of [here, there, other]) await client.subscribe(channel);
      if (sleeps) await sleepAll(hubs);
      expect(await ask("unsubscribe", { user, channel })).toEqual({});
      for (const { client } of [here, there]) {
        expect(await client.push("unsubscribe")).toEqual({
          channel,
          unsubscribe: { code: 2000, reason: "server unsubscribe" },
        });
      }
      expect(await ask("presence_stats", { channel })).toEqual({ num_clients: 1, num_users: 1 });
    },
  );

  test("API-33: a connection that is not subscribed is told, so that it does not try any longer", async () => {
    const { user, here } = await scene();
    const channel = newChannel("open");
    await ask("unsubscribe", { user, channel });
    expect(await here.client.push("unsubscribe")).toMatchObject({ channel });
  });

  test("API-34: an empty channel is all channels of each connection", async () => {
    const { user, here } = await scene();
    const channels = [newChannel("open"), newChannel("keep"), newChannel("open")];
    for (const channel of channels) await here.client.subscribe(channel);
    await ask("unsubscribe", { user, channel: "" });
    const told = [];
    for (const _ of channels) told.push((await here.client.push("unsubscribe")).channel);
    expect(told.sort()).toEqual(channels.sort());
    await ask("publish", { channel: channels[0], data: 1 });
    await arrived(here.client);
    expect(here.client.unread.filter(({ push }) => push?.pub)).toEqual([]);
  });
});

describe("disconnect", () => {
  test.each([false, true])(
    "API-35: a user is disconnected on all hubs, with 3503 (asleep: %s)",
    async (sleeps) => {
      const { user, hubs, here, there, other } = await scene();
      if (sleeps) await sleepAll([...hubs, new TestHub({ name: userHome(user) })]);
      expect(await ask("disconnect", { user })).toEqual({});
      for (const { client } of [here, there])
        expect(await client.closed).toEqual({ code: 3503, reason: "force disconnect" });
      await arrived(other.client);
      expect(other.client.isClosed).toBe(false);
    },
  );

  test("API-36: code, reason, client and whitelist", async () => {
    const { user, here, there } = await scene();
    await ask("disconnect", { user, whitelist: [here.id, there.id] });
    await ask("disconnect", { user, whitelist: [here.id], disconnect: { code: 4000, reason: "go away" } });
    expect(await there.client.closed).toEqual({ code: 4000, reason: "go away" });
    await arrived(here.client);
    expect(here.client.isClosed).toBe(false);
    await ask("disconnect", { user, client: here.id });
    expect(await here.client.closed).toMatchObject({ code: 3503 });
  });

  test.each([
    [3000, "connection closed"],
    [3014, "state invalidated"],
    [3999, "force disconnect"],
    [4500, "force disconnect"],
  ])("API-36: %i without a reason is told as %j", async (code, reason) => {
    const { user, here } = await scene();
    await ask("disconnect", { user, disconnect: { code } });
    expect(await here.client.closed).toEqual({ code, reason });
  });

  test.each([
    ["a code that no client understands", { code: 1000 }],
    ["a reason that is JSON", { reason: "42" }],
    ["a reason that is too long", { reason: "x".repeat(124) }],
  ])("API-36: %s is an error", async (_, disconnect) => {
    expect(await codeOf("disconnect", { user: "ann", disconnect })).toBe(107);
  });
});

describe("refresh", () => {
  test("API-37: a connection gets another expiry and info, and is told", async () => {
    const { user, here, there } = await scene();
    const channel = newChannel("open");
    await here.client.subscribe(channel);
    expect(await ask("refresh", { user, expire_at: inSeconds(600), info: { role: "admin" } })).toEqual({});
    for (const { client } of [here, there]) {
      const { refresh } = await client.push("refresh");
      expect(refresh).toEqual({
        expires: true,
        ttl: expect.toSatisfy((ttl: number) => ttl > 590 && ttl <= 600),
      });
    }
    expect(await ask("presence", { channel })).toEqual({
      presence: { [here.id]: { user, client: here.id, conn_info: { role: "admin" } } },
    });
    await ask("refresh", { user });
    expect((await here.client.push("refresh")).refresh).toEqual({});
  });

  test.each([
    ["`expired`", { expired: true }],
    ["an expire_at that has passed", { expire_at: 1 }],
  ])("API-37: %s closes with 3005", async (_, params) => {
    const { user, here, there } = await scene();
    await ask("refresh", { user, ...params });
    for (const { client } of [here, there]) expect(await client.closed).toMatchObject({ code: 3005 });
  });
});
