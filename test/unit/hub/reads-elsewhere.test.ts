import { expect, test } from "vitest";
import { SESSION_LIMITS } from "../../../src/shared/limits.ts";
import type { HistoryBody, HubClient } from "../../support/hub-client.ts";
import { configureHub } from "../../support/hub-config.ts";
import { Gate, Scene } from "../../support/node/delivery-scene.ts";
import { UNLIMITED } from "../../support/rates.ts";
import { until } from "../../support/until.ts";

/** A session at an edge, and channels of one home with one publication each. */
async function elsewhere(count: number, data: string) {
  const scene = new Scene("large", 1);
  configureHub(scene.home.name, { connection: { commandRate: UNLIMITED } });
  const writer = await scene.home.connect();
  const channels = Array.from({ length: count }, (_, index) => `${scene.channel}/${index}`);
  for (const channel of channels) await writer.publish(channel, data);
  const client = await scene.edge().connect();
  return { scene, writer, client, channels };
}

const readsOf = ({ calls }: Scene) => calls.filter(({ method }) => method === "history").length;
const histories = (channels: readonly string[]) =>
  channels.map((channel) => ({ history: { channel, limit: -1 } }));

async function lengths(client: HubClient, ids: readonly number[]): Promise<(number | undefined)[]> {
  const replies = await Promise.all(ids.map((id) => client.reply(id)));
  return replies.map(({ history }) => history?.publications.length);
}

test("ABUSE-17: a session reads so many histories of other homes at a time, and gets all of them", async () => {
  const count = SESSION_LIMITS.reads + 20;
  const { scene, client, channels } = await elsewhere(count, "short");
  const gate = new Gate();
  scene.befall("history", gate.before);
  const ids = client.send(...histories(channels));
  await until(() => gate.waiting === SESSION_LIMITS.reads);
  // What is not answered by the hub alone comes after it: whatever was to be sent has been.
  expect(await client.codeOf("rpc")).toBe(108);
  expect(readsOf(scene)).toBe(SESSION_LIMITS.reads);
  gate.open();
  expect(await lengths(client, ids)).toEqual(Array(count).fill(1));
});

test("ABUSE-17: of long ones it reads fewer at a time", async () => {
  const count = SESSION_LIMITS.longReads + 3;
  const { scene, client, channels } = await elsewhere(count, "x".repeat(60_000));
  const writer = await scene.home.connect();
  for (const channel of [...channels, ...channels]) await writer.publish(channel, "x".repeat(60_000));
  const gate = new Gate();
  let short = 0;
  scene.befall("history", (call, carryOut) => {
    short += 1;
    return short <= count ? carryOut() : gate.before(call, carryOut);
  });
  const ids = client.send(...histories(channels));
  await until(() => gate.waiting === SESSION_LIMITS.longReads);
  expect(await client.codeOf("rpc")).toBe(108);
  expect(readsOf(scene)).toBe(count + SESSION_LIMITS.longReads);
  gate.open();
  expect(await lengths(client, ids)).toEqual(Array(count).fill(3));
});

test("ABUSE-17: so it is with recoveries", async () => {
  const count = SESSION_LIMITS.longReads + 3;
  const { scene, client, channels } = await elsewhere(count, "x".repeat(60_000));
  const writer = await scene.home.connect();
  for (const channel of [...channels, ...channels]) await writer.publish(channel, "x".repeat(60_000));
  const ids = client.send(
    ...channels.map((channel) => ({ subscribe: { channel, recover: true, offset: 0 } })),
  );
  const replies = await Promise.all(ids.map((id) => client.reply(id)));
  expect(replies.map(({ subscribe }) => subscribe?.recovered)).toEqual(Array(count).fill(true));
  const asked = scene.calls.flatMap((made) => (made.method === "follow" ? made.call.requests : []));
  const lengthsAsked = asked.map(({ recovery }) => recovery?.length);
  expect(lengthsAsked.slice(0, count)).toEqual(Array(count).fill(SESSION_LIMITS.shortRead));
  expect(lengthsAsked.slice(count)).toEqual(Array(count).fill(undefined));
});

test("ABUSE-18: who asks for a history while it is read shares the next reading, which has what was published before", async () => {
  const { scene, writer, client, channels } = await elsewhere(1, "one");
  const [channel = ""] = channels;
  const others = await Promise.all(Array.from({ length: 5 }, () => scene.edge().connect()));
  const gate = new Gate();
  scene.befall("history", gate.after, 1);
  const ask = (asker: HubClient) => asker.ask<HistoryBody>("history", { channel, limit: 10 });
  const first = ask(client);
  await until(() => gate.waiting === 1);
  await writer.publish(channel, "two");
  const next = others.map(ask);
  for (const other of others) expect(await other.codeOf("rpc")).toBe(108);
  gate.open();
  const data = (body: HistoryBody) => body.publications.map((publication) => publication.data);
  expect(data(await first)).toEqual(["one"]);
  for (const body of await Promise.all(next)) expect(data(body)).toEqual(["one", "two"]);
  expect(readsOf(scene)).toBe(2);
});

test("ABUSE-19: what a session has waiting is not read once it has closed", async () => {
  const { scene, client, channels } = await elsewhere(SESSION_LIMITS.reads + 20, "short");
  const gate = new Gate();
  scene.befall("history", gate.before);
  client.send(...histories(channels), ...histories(channels.slice(0, 10)));
  await until(() => gate.waiting === SESSION_LIMITS.reads);
  await client.close(1000, "bye");
  gate.open();
  await scene.untilQuiet();
  const other = await scene.edge().connect();
  await other.ask("history", { channel: channels[0], limit: 1 });
  expect(readsOf(scene)).toBe(SESSION_LIMITS.reads + 1);
});

test("ABUSE-19: nor are members, nor is a subscription recovered", async () => {
  const { scene, client, channels } = await elsewhere(1, "short");
  const [channel = ""] = channels;
  const gate = new Gate();
  scene.befall("history", gate.before);
  client.send(
    { history: { channel, limit: 1 } },
    { subscribe: { channel, recover: true, offset: 0 } },
    { history: { channel, limit: 2 } },
  );
  await until(() => gate.waiting === 1);
  await client.close(1000, "bye");
  const before = scene.calls.length;
  gate.open();
  await scene.untilQuiet();
  expect(await (await scene.edge().connect()).codeOf("rpc")).toBe(108);
  expect(scene.calls).toHaveLength(before);
});

test("ABUSE-04: the history of 100 channels at once is answered by default", async () => {
  const { client, channels } = await elsewhere(100, "x".repeat(1_000));
  const ids = client.send(...histories(channels));
  expect(await lengths(client, ids)).toEqual(Array(100).fill(1));
});
