import { describe, expect, test } from "vitest";
import type { ConnectionSettings } from "../../../src/config/config.ts";
import type { ConnectBody, HistoryBody, HubClient, SubscribeBody } from "../../support/hub-client.ts";
import { configureHub, sign } from "../../support/hub-config.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import { epochOf, publishMany, recover } from "../../support/recovering.ts";

const REPLY = 100_000;
const connection: ConnectionSettings = { replyMaxLength: REPLY };

/** Channels of one home, each with as many characters missed as is said. */
async function missed(lengths: readonly number[]) {
  const key = `large:${crypto.randomUUID()}`;
  const home = new TestHub({ name: `home/${key}`, config: { connection } });
  const writer = await home.connect();
  const channels = lengths.map((_, index) => `${key}/${index}`);
  for (const [index, channel] of channels.entries()) {
    await writer.publish(channel, "seen");
    const half = "x".repeat((lengths[index] ?? 0) / 2);
    for (const data of [half, half]) await writer.publish(channel, data);
  }
  const subs: Record<string, object> = {};
  for (const channel of channels)
    subs[channel] = { recover: true, offset: 1, epoch: await epochOf(writer, channel) };
  return { home, writer, channels, subs };
}

async function connectTo(hub: TestHub, channels: readonly string[], subs: object): Promise<SubscribeBody[]> {
  const client = await hub.open();
  const token = await sign({ sub: "ann", channels });
  const { subs: replies = {} } = await client.ask<ConnectBody>("connect", { token, subs });
  return channels.map((channel) => replies[channel] ?? {});
}

const isRecovered = ({ recovered = false }: SubscribeBody) => recovered;

describe.each(["at the home", "at an edge"])("one reply, %s", (where) => {
  const hubOf = (home: TestHub) => (where === "at the home" ? home : new TestHub({ config: { connection } }));

  test("CHAN-45: what of a connect does not fit into its reply is not recovered, and said so", async () => {
    const { home, channels, subs, writer } = await missed([60_000, 60_000, 60_000]);
    const replies = await connectTo(hubOf(home), channels, subs);
    expect(replies.filter(isRecovered)).toHaveLength(1);
    const length = replies.flatMap(({ publications = [] }) => publications).map(({ data }) => String(data));
    expect(length.join("").length).toBeLessThanOrEqual(REPLY);
    for (const reply of replies) expect(reply.was_recovering).toBe(true);
    for (const [index, reply] of replies.entries()) {
      if (isRecovered(reply)) continue;
      expect(reply).toMatchObject({ offset: 3, epoch: await epochOf(writer, channels[index] ?? "") });
      expect(reply.publications).toBeUndefined();
    }
  });

  test("CHAN-46: what is left over goes to channels that need more than their part", async () => {
    const { home, channels, subs } = await missed([100, 70_000, 2_000, 10_000]);
    const replies = await connectTo(hubOf(home), channels, subs);
    expect(replies.map(isRecovered)).toEqual([true, true, true, true]);
  });

  test("CHAN-45: what of a subscribe does not fit into its reply is not recovered, and said so", async () => {
    const { home, channels, writer } = await missed([90_000, 110_000]);
    const client = await hubOf(home).connect();
    const replies: SubscribeBody[] = [];
    for (const channel of channels) {
      const { subscribe = {} } = await recover(client, channel, 1, await epochOf(writer, channel));
      replies.push(subscribe);
    }
    expect(replies).toMatchObject([
      { recovered: true, was_recovering: true, offset: 1 },
      { was_recovering: true, offset: 3 },
    ]);
    expect(replies[1]?.recovered).toBeUndefined();
    expect(replies[1]?.publications).toBeUndefined();
  });

  test("SESS-64: a history reply ends where the next publication would not fit, and can be continued", async () => {
    const { home, channels } = await missed([120_000]);
    const client = await hubOf(home).connect();
    const offsets = async (body: object) => {
      const { publications } = await client.ask<HistoryBody>("history", { channel: channels[0], ...body });
      return publications.map(({ offset }) => offset);
    };
    expect(await offsets({ limit: -1 })).toEqual([1, 2]);
    expect(await offsets({ limit: -1, reverse: true })).toEqual([3]);
  });
});

test("CHAN-45: a state of cache mode counts too", async () => {
  const key = `cache:${crypto.randomUUID()}`;
  const home = new TestHub({ name: `home/${key}` });
  const writer = await home.connect();
  const channels = [0, 1, 2].map((index) => `${key}/${index}`);
  for (const channel of channels) await writer.publish(channel, "x".repeat(60_000));
  const subs = Object.fromEntries(channels.map((channel) => [channel, { recover: true }]));
  const replies = await connectTo(new TestHub({ config: { connection } }), channels, subs);
  expect(replies.map(isRecovered)).toEqual([true, false, false]);
});

describe("the number of publications", () => {
  const many: ConnectionSettings = { historyMaxPublicationLimit: 500, recoveryMaxPublicationLimit: 400 };

  async function stream(isHome: boolean): Promise<{ client: HubClient; channel: string; epoch: string }> {
    const channel = `large:${crypto.randomUUID()}`;
    configureHub(`home/${channel}`, { connection: many });
    const client = await new TestHub({
      ...(isHome && { name: `home/${channel}` }),
      config: { connection: many },
    }).connect();
    await publishMany(client, channel, 501);
    return { client, channel, epoch: await epochOf(client, channel) };
  }

  test.each([true, false])("CHAN-24: as many are recovered as is configured, home: %s", async (isHome) => {
    const { client, channel, epoch } = await stream(isHome);
    const most = await recover(client, channel, 101, epoch);
    expect(most.subscribe?.publications).toHaveLength(400);
    await client.ask("unsubscribe", { channel });
    const more = await recover(client, channel, 100, epoch);
    expect(more.subscribe).toMatchObject({ was_recovering: true, offset: 501 });
    expect(more.subscribe?.recovered).toBeUndefined();
  });

  test.each([true, false])("CHAN-30: as many are read as is configured, home: %s", async (isHome) => {
    const { client, channel } = await stream(isHome);
    const { publications } = await client.ask<HistoryBody>("history", { channel, limit: -1 });
    expect(publications).toHaveLength(500);
  });
});
