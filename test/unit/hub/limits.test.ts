import { expect, test } from "vitest";
import { ChannelBook } from "../../../src/channels/channel-facts.ts";
import { createNamespaces } from "../../../src/channels/namespaces.ts";
import { CHANNEL_LIMITS, HUB_LIMITS, SESSION_LIMITS } from "../../../src/shared/limits.ts";
import type { HubClient } from "../../support/hub-client.ts";
import { ask, enableUserCommands } from "../../support/node/api-client.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import { UNLIMITED } from "../../support/rates.ts";

const connection = { commandRate: UNLIMITED };

test("SESS-58: of 1,025 commands that wait, the last is error 111, temporary, and the others are answered", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const hub = new TestHub({ config: { connection, hooks: { rpc: () => promise.then(() => ({})) } } });
  const client = await hub.connect();
  const count = SESSION_LIMITS.pendingCommands;
  const ids = client.send(...Array.from({ length: count + 1 }, () => ({ rpc: {} })));
  expect((await client.reply(ids[count] ?? 0)).error).toEqual({
    code: 111,
    message: "too many requests",
    temporary: true,
  });
  resolve();
  for (const id of ids.slice(0, count)) expect((await client.reply(id)).rpc).toEqual({});
  expect(await client.ask("rpc")).toEqual({});
});

test("SESS-58: commands that wait for another one on their channel count too", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const hub = new TestHub({ config: { connection, hooks: { publish: () => promise.then(() => ({})) } } });
  const client = await hub.connect();
  const count = SESSION_LIMITS.pendingCommands;
  const ids = client.send(
    ...Array.from({ length: count + 50 }, (_, data) => ({ publish: { channel: "open:a", data } })),
  );
  for (const id of ids.slice(count)) expect((await client.reply(id)).error?.code).toBe(111);
  resolve();
  const replies = await Promise.all(ids.slice(0, count).map((id) => client.reply(id)));
  expect(replies.filter(({ publish }) => publish === undefined)).toEqual([]);
});

test("SESS-58: commands that wait hold on to four mebibytes, one more is error 111, and later there is room again", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const hub = new TestHub({ config: { connection, hooks: { publish: () => promise.then(() => ({})) } } });
  const client = await hub.connect();
  const data = "x".repeat(60_000);
  const count = Math.floor(SESSION_LIMITS.pendingLength / (data.length + 2));
  const ids: number[] = [];
  for (let sent = 0; sent <= count; sent += 1)
    ids.push(...client.send({ publish: { channel: `open:${sent % 3}`, data } }));
  expect((await client.reply(ids.pop() ?? 0)).error?.code).toBe(111);
  resolve();
  for (const id of ids) expect((await client.reply(id)).publish).toEqual({});
  await client.publish("open:0", data);
});

test("SESS-58: a long method is held on to like data", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const hub = new TestHub({ config: { connection, hooks: { rpc: () => promise.then(() => ({})) } } });
  const client = await hub.connect();
  const method = "x".repeat(60_000);
  const count = Math.floor(SESSION_LIMITS.pendingLength / method.length);
  const ids: number[] = [];
  for (let sent = 0; sent <= count; sent += 1) ids.push(...client.send({ rpc: { method } }));
  expect((await client.reply(ids.pop() ?? 0)).error?.code).toBe(111);
  resolve();
  for (const id of ids) expect((await client.reply(id)).rpc).toEqual({});
});

test("HUB-56: commands of all sessions that wait hold on to sixteen mebibytes, and later there is room again", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const hub = new TestHub({ config: { connection, hooks: { rpc: () => promise.then(() => ({})) } } });
  const data = "x".repeat(60_000);
  const share = Math.floor(SESSION_LIMITS.pendingLength / (data.length + 2));
  const total = Math.floor(HUB_LIMITS.waitingLength / (data.length + 2));
  const busy: [HubClient, number[]][] = [];
  for (let left = total; left > 0; left -= share) {
    const client = await hub.connect();
    const ids: number[] = [];
    for (let sent = 0; sent < Math.min(left, share); sent += 1) ids.push(...client.send({ rpc: { data } }));
    // What comes last has been read, so the others have been.
    await client.ask("unsubscribe", { channel: "open:a" });
    busy.push([client, ids]);
  }
  const late = await hub.connect();
  expect(await late.codeOf("rpc", { data })).toBe(111);
  const stranger = await hub.open();
  stranger.send({ connect: {} }, { rpc: { data } });
  expect(await stranger.closed).toEqual({ code: 3013, reason: "too many requests" });
  resolve();
  for (const [client, ids] of busy) for (const id of ids) expect((await client.reply(id)).rpc).toEqual({});
  expect(await late.ask("rpc", { data })).toEqual({});
});

test("HUB-56: what came before a connect waits no more once that is through, refused or given up", async () => {
  const { promise, resolve } = Promise.withResolvers<{ user: string }>();
  const hub = new TestHub({
    config: { connection, hooks: { connect: ({ data }) => (data ? promise : { user: "" }) } },
  });
  const early = { rpc: { data: "x".repeat(65_000) } };
  // Each time as much as one may send before its connect, three times as often as there is room for.
  for (let count = 0; count < (3 * HUB_LIMITS.waitingLength) / SESSION_LIMITS.earlyLength; count += 1) {
    const client = await hub.open();
    client.send({ connect: { data: count % 2 === 0 } }, ...Array.from({ length: 7 }, () => early));
    client.send(...Array.from({ length: 7 }, () => early));
    await client.close();
    await hub.untilEmpty();
  }
  resolve({ user: "" });
  const client = await hub.open();
  client.send({ connect: {} }, early);
  expect((await client.reply(1)).connect).toBeDefined();
});

test("SESS-58: a message too many, which has no answer, closes with 3013 rather than being lost", async () => {
  const hub = new TestHub({
    config: { connection, hooks: { message: () => new Promise<undefined>(() => {}) } },
  });
  const client = await hub.connect();
  const message = JSON.stringify({ send: { data: 1 } });
  client.sendFrame(Array.from({ length: SESSION_LIMITS.pendingCommands + 1 }, () => message).join("\n"));
  expect(await client.closed).toEqual({ code: 3013, reason: "too many requests" });
});

test("SESS-58: what a backend wants of a user is done however many commands of the client wait", async () => {
  enableUserCommands();
  const { promise, resolve } = Promise.withResolvers<void>();
  const hub = new TestHub({
    config: {
      connection: { ...connection, userCommands: true },
      hooks: { connect: () => ({ user: "busy" }), publish: () => promise.then(() => ({})) },
    },
  });
  const client = await hub.connect();
  const channel = "open:busy";
  await client.subscribe(channel);
  const publish = { publish: { channel, data: 1 } };
  client.send(...Array.from({ length: SESSION_LIMITS.pendingCommands }, () => publish));
  expect(await client.codeOf("publish", { channel, data: 1 })).toBe(111);
  await ask("unsubscribe", { user: "busy", channel });
  resolve();
  expect(await client.push("unsubscribe")).toMatchObject({ channel });
});

test("SESS-58: more than 1,024 commands before the connect is through close with 3013", async () => {
  const hub = new TestHub({
    config: { connection, hooks: { connect: () => new Promise<undefined>(() => {}) } },
  });
  const client = await hub.open();
  client.send(
    { connect: {} },
    ...Array.from({ length: SESSION_LIMITS.pendingCommands + 1 }, () => ({ rpc: {} })),
  );
  expect(await client.closed).toEqual({ code: 3013, reason: "too many requests" });
});

test("SESS-58: more than a mebibyte before the connect is through closes with 3013", async () => {
  const hub = new TestHub({
    config: { connection, hooks: { connect: () => new Promise<undefined>(() => {}) } },
  });
  const client = await hub.open();
  client.send({ connect: {} });
  const frames = Math.ceil(SESSION_LIMITS.earlyLength / 60_000);
  for (let count = 0; count < frames; count += 1) client.send({ rpc: { data: "x".repeat(60_000) } });
  expect(await client.closed).toEqual({ code: 3013, reason: "too many requests" });
});

test("SESS-58: what comes in the message of the connect counts too", async () => {
  const hub = new TestHub({ config: { hooks: { connect: () => new Promise<undefined>(() => {}) } } });
  const client = await hub.open();
  const calls = Array.from({ length: 8 }, () => ({ rpc: { data: "x".repeat(65_000) } }));
  client.send({ connect: {} }, ...calls);
  client.send(...calls);
  client.send({ rpc: { data: "x".repeat(60_000) } });
  expect(await client.closed).toEqual({ code: 3013, reason: "too many requests" });
});

test("SESS-59: names that can be are looked up once, others are not remembered", () => {
  const book = new ChannelBook(createNamespaces({ withoutNamespace: {} }));
  expect(book.factsOf("news")).toBe(book.factsOf("news"));
  for (const name of ["", "ü", "x".repeat(CHANNEL_LIMITS.nameLength + 1)]) {
    expect(book.factsOf(name)).not.toBe(book.factsOf(name));
  }
});

test("SESS-60: a frame holds at most 262,144 characters, unless one line is longer", async () => {
  const channel = `large:${crypto.randomUUID()}`;
  const hub = new TestHub({ name: `home/${channel}` });
  const [writer, reader] = [await hub.connect(), await hub.connect()];
  const { epoch } = await reader.subscribe(channel);
  for (let data = 0; data < 20; data += 1) await writer.publish(channel, "x".repeat(60_000));
  await reader.ask("unsubscribe", { channel });
  const { subscribe } = await reader.request("subscribe", { channel, recover: true, offset: 0, epoch });
  expect(subscribe?.publications).toHaveLength(20);
  const lengths = reader.frames.map((frame) => String(frame).length).filter((length) => length > 262_144);
  expect(lengths).toHaveLength(1);
});
