import { expect, test } from "vitest";
import { SESSION_LIMITS } from "../../../src/shared/limits.ts";
import { stopClock } from "../../support/clock.ts";
import { configureHub } from "../../support/hub-config.ts";
import { ask, newChannel } from "../../support/node/api-client.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import { UNLIMITED } from "../../support/rates.ts";

const publishes = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => ({
    publish: { channel: "open:a", data: index },
    id: from + index,
  }));

const hubWith = (commandRate: { perSecond: number; burst: number }) =>
  new TestHub({ config: { connection: { commandRate } } });

test("ABUSE-01: commands over the rate are answered with error 111, in order, and the connection goes on", async () => {
  const clock = stopClock();
  const client = await hubWith({ perSecond: 10, burst: 5 }).connect();
  // Connecting was the first of the five.
  const ids = client.send(...publishes(6, 100));
  const replies = await Promise.all(ids.map((id) => client.reply(id)));
  expect(replies.map(({ error }) => error?.code)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    111,
    111,
  ]);
  expect(replies[4]?.error).toEqual({ code: 111, message: "too many requests", temporary: true });
  clock.advance(100);
  expect(await client.codeOf("publish", { channel: "open:a", data: 1 })).toBeUndefined();
});

test("ABUSE-02: a client that goes on after as many refusals is closed with 3013", async () => {
  stopClock();
  const client = await hubWith({ perSecond: 1, burst: 5 }).connect();
  client.send(...publishes(9, 100));
  expect((await client.reply(108)).error?.code).toBe(111);
  client.send(...publishes(1, 200));
  expect(await client.closed).toEqual({ code: 3013, reason: "too many requests" });
});

test("ABUSE-02: what cannot be answered closes with 3013 at once", async () => {
  stopClock();
  const client = await hubWith({ perSecond: 1, burst: 3 }).connect();
  client.sendFrame("{}\n{}\n{}");
  expect((await client.closed).code).toBe(3013);
});

test("ABUSE-02: so does whatever is too much before the connection stands", async () => {
  stopClock();
  const client = await hubWith({ perSecond: 1, burst: 2 }).open();
  client.send({ connect: {} }, ...publishes(2, 100));
  expect((await client.closed).code).toBe(3013);
});

test("ABUSE-03: bytes over the rate close with 3013", async () => {
  const clock = stopClock();
  const hub = new TestHub({ config: { connection: { byteRate: { perSecond: 1_000, burst: 2_000 } } } });
  const client = await hub.connect();
  const data = "x".repeat(1_800);
  expect(await client.codeOf("publish", { channel: "open:a", data })).toBeUndefined();
  clock.advance(2_000);
  expect(await client.codeOf("publish", { channel: "open:a", data })).toBeUndefined();
  client.send({ publish: { channel: "open:a", data } });
  expect(await client.closed).toEqual({ code: 3013, reason: "too many requests" });
});

test("ABUSE-01: one connection's commands are counted apart from another's, and anew after sleep", async () => {
  stopClock();
  const hub = hubWith({ perSecond: 1, burst: 2 });
  const [one, other] = [await hub.connect(), await hub.connect()];
  expect(await one.codeOf("publish", { channel: "open:a", data: 1 })).toBeUndefined();
  expect(await one.codeOf("publish", { channel: "open:a", data: 1 })).toBe(111);
  expect(await other.codeOf("publish", { channel: "open:a", data: 1 })).toBeUndefined();
  await hub.sleep();
  expect(await one.codeOf("publish", { channel: "open:a", data: 1 })).toBeUndefined();
});

test("ABUSE-04: 100 subscribes in the first frame and a batch of 300 publishes pass by default", async () => {
  stopClock();
  const client = await new TestHub().open();
  const subscribes = Array.from({ length: 100 }, (_, index) => ({ subscribe: { channel: `open:${index}` } }));
  const ids = client.send({ connect: {} }, ...subscribes);
  const replies = await Promise.all(ids.map((id) => client.reply(id)));
  expect(replies.filter(({ error }) => error)).toEqual([]);
  const published = client.send(...publishes(300, 1_000));
  const answers = await Promise.all(published.map((id) => client.reply(id)));
  expect(answers.filter(({ error }) => error)).toEqual([]);
});

test("SESS-58: more commands than may wait are answered with error 111", async () => {
  const { promise: blocked, resolve: unblock } = Promise.withResolvers<undefined>();
  const client = await new TestHub({
    config: { connection: { commandRate: UNLIMITED }, hooks: { rpc: () => blocked } },
  }).connect();
  const calls = Array.from({ length: SESSION_LIMITS.pendingCommands + 1 }, () => ({
    rpc: { method: "wait" },
  }));
  const ids = client.send(...calls);
  expect((await client.reply(ids.at(-1) ?? 0)).error?.code).toBe(111);
  unblock(undefined);
  expect((await client.reply(ids[0] ?? 0)).error?.code).toBe(104);
});

/** A channel whose history has a million characters: 15 commands. */
async function longChannel(
  where: "at home" | "elsewhere",
  commandRate: { perSecond: number; burst: number },
) {
  const { channel, home } = newChannel("large");
  const config = { connection: { commandRate } };
  configureHub(home.name, config);
  for (let count = 0; count < 10; count += 1) await ask("publish", { channel, data: "x".repeat(100_000) });
  const hub = where === "at home" ? home : new TestHub({ config });
  return { channel, hub };
}

test.each(["at home", "elsewhere"] as const)(
  "ABUSE-15 ABUSE-16: a long history costs more, and what it has cost too much is made up for, %s",
  async (where) => {
    const clock = stopClock();
    const { channel, hub } = await longChannel(where, { perSecond: 1, burst: 20 });
    const client = await hub.connect();
    const history = { channel, limit: -1 };
    expect(await client.codeOf("history", history)).toBeUndefined();
    // Of the twenty, three are left: one for the command, and the answer may cost more than there is.
    expect(await client.codeOf("history", history)).toBeUndefined();
    expect(await client.codeOf("publish", { channel: "open:a", data: 1 })).toBe(111);
    clock.advance(14_000);
    expect(await client.codeOf("publish", { channel: "open:a", data: 1 })).toBeUndefined();
  },
);

test.each(["at home", "elsewhere"] as const)(
  "ABUSE-16: of histories in one frame those are error 111 that come after what there was, %s",
  async (where) => {
    stopClock();
    const { channel, hub } = await longChannel(where, { perSecond: 1, burst: 40 });
    const client = await hub.connect();
    const ids = client.send(...Array.from({ length: 10 }, () => ({ history: { channel, limit: -1 } })));
    const codes = await Promise.all(ids.map(async (id) => (await client.reply(id)).error?.code));
    expect(codes.filter((code) => code === undefined).length).toBeLessThanOrEqual(3);
    expect(new Set(codes.slice(3))).toEqual(new Set([111]));
    expect(client.isClosed).toBe(false);
  },
);

test("ABUSE-16: a long recovery at connect closes nothing", async () => {
  stopClock();
  const { channel, hub } = await longChannel("elsewhere", { perSecond: 1, burst: 5 });
  const client = await hub.open();
  const [, subscribed = 0, published = 0] = client.send(
    { connect: {} },
    { subscribe: { channel, recover: true, offset: 0 } },
    { publish: { channel: "open:a", data: 1 } },
  );
  expect((await client.reply(subscribed)).subscribe?.recovered).toBe(true);
  expect((await client.reply(published)).error).toBeUndefined();
  expect(await client.codeOf("publish", { channel: "open:a", data: 1 })).toBe(111);
  expect(client.isClosed).toBe(false);
});

test("ABUSE-15: counting 100 members costs one more", async () => {
  stopClock();
  const channel = `open:${crypto.randomUUID()}`;
  const hub = new TestHub({ name: `home/${channel}` });
  const members = await Promise.all(Array.from({ length: 100 }, () => hub.connect()));
  await Promise.all(members.map((member) => member.subscribe(channel)));
  const asker = new TestHub({ config: { connection: { commandRate: { perSecond: 1, burst: 4 } } } });
  const client = await asker.connect();
  expect(await client.codeOf("presence_stats", { channel })).toBeUndefined();
  expect(await client.codeOf("rpc")).toBe(108);
  expect(await client.codeOf("rpc")).toBe(111);
});

const LISTENERS = 16;
/** Two commands' worth of characters, sent to all of them. */
const LONG = "x".repeat((2 * SESSION_LIMITS.fanOutPerCommand) / LISTENERS);

test.each(["at the home of the channel", "at another hub"])(
  "ABUSE-38: what is sent to many subscribers costs whoever publishes it, %s",
  async (place) => {
    const clock = stopClock();
    const { channel, home } = newChannel("open");
    const hub = new TestHub({
      ...(place === "at another hub" ? {} : { name: home.name }),
      config: { connection: { commandRate: { perSecond: 1, burst: 4 } } },
    });
    const listeners = await Promise.all(Array.from({ length: LISTENERS }, () => home.connect()));
    for (const listener of listeners) await listener.subscribe(channel);
    const client = await hub.connect();
    // With connect and itself that makes four.
    expect(await client.codeOf("publish", { channel, data: LONG })).toBeUndefined();
    expect(await client.codeOf("publish", { channel, data: LONG })).toBe(111);
    clock.advance(2_200);
    expect(await client.codeOf("publish", { channel: "open:nobody", data: LONG })).toBeUndefined();
    expect(await client.codeOf("publish", { channel: "open:nobody", data: LONG })).toBeUndefined();
  },
);
