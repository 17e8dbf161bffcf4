import { beforeAll, describe, expect, test } from "vitest";
import type { Config } from "../../src/channels/config.ts";
import { controlChannel, userHome } from "../../src/channels/control.ts";
import { API_LIMITS } from "../../src/limits.ts";
import { ask, codeOf, enableUserCommands } from "./api-client.ts";
import { until } from "./client.ts";
import type { HubClient } from "./hub-client.ts";
import { configureHub, inSeconds, sign } from "./hub-config.ts";
import { captureErrors } from "./log.ts";
import { TestHub } from "./test-hub.ts";

const userCommands = { connection: { userCommands: true } } as const satisfies Config;

beforeAll(enableUserCommands);

const newUser = () => crypto.randomUUID();
const newHub = (config: Config = userCommands) => new TestHub({ config });
const newChannel = (namespace: string) => `${namespace}:${crypto.randomUUID()}`;

async function connectAs(user: string, hub: TestHub, claims: Record<string, unknown> = {}) {
  const { client, connect } = await hub.connected({
    token: await sign({ sub: user, exp: inSeconds(3600), ...claims }),
  });
  return { client, id: connect.client };
}

/** One user on two hubs, and somebody else on one of them. */
async function scene() {
  const user = newUser();
  const hubs = [newHub(), newHub()] as const;
  const here = await connectAs(user, hubs[0]);
  const there = await connectAs(user, hubs[1]);
  const other = await connectAs(newUser(), hubs[0]);
  return { user, hubs, here, there, other };
}

/** Lets whatever has been sent to a client arrive. */
async function arrived(client: HubClient): Promise<void> {
  await client.request("presence", { channel: "open:a" });
}

const sleepAll = async (hubs: readonly TestHub[]) => {
  for (const hub of hubs) await hub.sleep();
};

/** What the control home of a user knows of a hub. */
async function followersOf(user: string, { name }: TestHub) {
  const home = new TestHub({ name: userHome(user) });
  const tables = await home.tables();
  return tables.length === 0 ? [] : (await home.rows("followers")).filter(({ hub }) => hub === name);
}

/** Keeps an object from answering until the function that it returns is called. */
function hold(hub: TestHub): () => Promise<void> {
  let isHeld = true;
  const holding = hub.inside((state) =>
    state.blockConcurrencyWhile(async () => {
      while (isHeld) await scheduler.wait(5);
    }),
  );
  return () => {
    isHeld = false;
    return holding;
  };
}

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
  const letGo = hold(new TestHub({ name: `home/${channel}` }));
  const [id = 0] = client.send({ subscribe: { channel } });
  for (const method of ["subscribe", "unsubscribe"]) await ask(method, { user, channel });
  // Commands on a user arrive in order: with the last one, those before it have.
  await ask("refresh", { user });
  await client.push("refresh");
  await letGo();
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

describe("where commands go", () => {
  test("API-38: a user that is not there is no error", async () => {
    for (const method of ["unsubscribe", "disconnect", "refresh"])
      expect(await ask(method, { user: newUser() })).toEqual({});
    expect(await ask("subscribe", { user: newUser(), channel: "open:a" })).toEqual({});
  });

  test.each([
    ["subscribe", {}, 107],
    ["subscribe", { channel: "nowhere:a" }, 102],
    ["subscribe", { channel: "open:a", override: { presence: true } }, 107],
    ["unsubscribe", { channel: "nowhere:a" }, 102],
    ["unsubscribe", { channel: "open:é" }, 107],
    ["disconnect", { user: "" }, 107],
    ["disconnect", { user: 7 }, 107],
    ["disconnect", { whitelist: "a" }, 107],
    ["refresh", { expire_at: -1 }, 107],
  ])("API-38: %s with %j is error %i", async (method, params, code) => {
    expect(await codeOf(method, { user: "ann", ...params })).toBe(code);
  });

  test("API-38: an info that is too long is error 107", async () => {
    const params = { user: "ann", channel: "open:a", info: "x".repeat(API_LIMITS.infoSize) };
    expect(await codeOf("subscribe", params)).toBe(107);
    expect(await codeOf("refresh", params)).toBe(107);
  });

  test("API-39: where user commands are off they are error 108, and no hub follows anything", async () => {
    const user = newUser();
    const home = new TestHub({ name: userHome(user) });
    configureHub(home.name, {});
    await home.sleep();
    const hub = newHub({});
    const { client } = await connectAs(user, hub);
    for (const method of ["unsubscribe", "disconnect", "refresh"])
      expect(await codeOf(method, { user })).toBe(108);
    enableUserCommands();
    await home.sleep();
    await ask("disconnect", { user });
    await arrived(client);
    expect(client.isClosed).toBe(false);
    expect(await followersOf(user, hub)).toEqual([]);
  });

  test("API-40: a control home knows the hubs that hold its users, until one of them says that nobody is there", async () => {
    const user = newUser();
    const hub = newHub();
    const { client } = await connectAs(user, hub);
    expect(await followersOf(user, hub)).toMatchObject([{ channel: controlChannel(user), hub: hub.name }]);
    await client.close();
    await hub.untilEmpty();
    await ask("disconnect", { user });
    await until(async () => (await followersOf(user, hub)).length === 0);
    const { client: again } = await connectAs(user, hub);
    await ask("disconnect", { user });
    expect(await again.closed).toMatchObject({ code: 3503 });
  });

  test("API-40: an anonymous connection follows nothing", async () => {
    const hub = newHub();
    await hub.connect();
    expect(await hub.tables()).toEqual([]);
  });

  test("API-40: a client is refused, and comes back, while its control home fails", async () => {
    const errors = captureErrors();
    const user = newUser();
    const home = new TestHub({ name: userHome(user) });
    await connectAs(user, newHub());
    await home.inside(({ storage }) => void storage.sql.exec("DROP TABLE followers"));
    const client = await newHub().open();
    client.send({ connect: { token: await sign({ sub: user }) } });
    expect((await client.reply(1)).error).toMatchObject({ code: 100, temporary: true });
    await home.inside(({ storage }) => storage.deleteAll());
    await home.sleep();
    expect(errors().map(({ event }) => event)).toContain("hub.user_commands_unfollowed");
  });

  test("API-41: no client can use a control channel", async () => {
    const user = newUser();
    const { client } = await connectAs(user, newHub());
    const channel = controlChannel(user);
    for (const kind of ["subscribe", "publish", "presence", "history"]) {
      expect(await client.codeOf(kind, { channel, data: {} })).toBe(107);
    }
    expect(await client.ask("unsubscribe", { channel })).toEqual({});
    await ask("disconnect", { user });
    expect(await client.closed).toMatchObject({ code: 3503 });
  });

  test("API-41: what comes for a connection that is being set up waits for its connect reply", async () => {
    const { user, witness, waiting, letGo } = await connecting();
    const channel = newChannel("open");
    await ask("subscribe", { user, channel });
    // A command arrives at all connections of a hub at once: what one has seen, the other has been given.
    await witness.push("subscribe");
    expect(waiting.frames).toEqual([]);
    await letGo();
    expect(await waiting.reply(1)).toMatchObject({ connect: {} });
    expect(await waiting.push("subscribe")).toMatchObject({ channel });
  });

  test("API-41: a disconnect does not wait", async () => {
    const { user, waiting, letGo } = await connecting();
    await ask("disconnect", { user });
    expect(await waiting.closed).toMatchObject({ code: 3503 });
    expect(waiting.frames).toEqual([]);
    await letGo();
  });
});

/** A connection that waits for the home of one of its channels, and another one of its user on the same hub. */
async function connecting() {
  const user = newUser();
  const hub = newHub();
  const slow = newChannel("keep");
  const letGo = hold(new TestHub({ name: `home/${slow}` }));
  const waiting = await hub.open();
  waiting.send({ connect: { token: await sign({ sub: user, channels: [slow] }) } });
  await until(async () => (await followersOf(user, hub)).length === 1);
  return { user, waiting, letGo, witness: (await connectAs(user, hub)).client };
}
