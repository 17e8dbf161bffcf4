import { expect, test } from "vitest";
import { SESSION_LIMITS } from "../../src/limits.ts";
import { stopClock } from "./clock.ts";
import { TestHub } from "./test-hub.ts";

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

test("ABUSE-06: more commands than may wait are answered with error 111", async () => {
  const { promise: blocked, resolve: unblock } = Promise.withResolvers<undefined>();
  const client = await new TestHub({ config: { hooks: { rpc: () => blocked } } }).connect();
  const calls = Array.from({ length: SESSION_LIMITS.pendingCommands + 1 }, () => ({
    rpc: { method: "wait" },
  }));
  const ids = client.send(...calls);
  expect((await client.reply(ids.at(-1) ?? 0)).error?.code).toBe(111);
  unblock(undefined);
  expect((await client.reply(ids[0] ?? 0)).error?.code).toBe(104);
});
