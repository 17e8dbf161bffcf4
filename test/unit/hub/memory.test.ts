import { expect, test } from "vitest";
import { DEFAULT_OPTIONS } from "../../../src/channels/option-schema.ts";
import { Follower, type HubOfFollower } from "../../../src/streams/follower.ts";
import { Home, type HubOfHome } from "../../../src/streams/home.ts";
import { LocalChannels } from "../../../src/streams/local-channels.ts";
import { stopClock } from "../../support/clock.ts";
import type { HistoryBody } from "../../support/hub-client.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import { UNLIMITED } from "../../support/rates.ts";

const COUNT = 10_000;
/** What may be kept: sweeps come when a map has a thousand entries, or twice as many as were needed. */
const FEW = 2_000;

const hubOfFollower: HubOfFollower = {
  locals: new LocalChannels(),
  callTimeout: 5_000,
  follow: async () => ({
    ...{ generation: 1, epoch: "epoch", offset: 1, vouched: undefined },
    ...{ missed: undefined, history: undefined },
  }),
  vacated: () => {},
  endSubscriptions: () => {},
};

test("HUB-08: a follower keeps little of channels that nobody here is subscribed to", async () => {
  const follower = new Follower(hubOfFollower);
  for (let index = 0; index < COUNT; index += 1) (await follower.open(`chat:${index}`, undefined)).commit();
  expect(follower.size).toBeLessThan(FEW);
});

test("HUB-08: a follower keeps little of homes that have not called for a while", () => {
  const clock = stopClock();
  const follower = new Follower(hubOfFollower);
  for (let index = 0; index < COUNT; index += 1) {
    clock.advance(100);
    const incarnation = crypto.randomUUID();
    const call = { home: `home/chat:${index}`, incarnation, sequence: 1, sentAt: Date.now(), deliveries: [] };
    follower.deliver(call);
  }
  expect(follower.size).toBeLessThan(FEW);
});

test("HUB-08: a home keeps little of channels that nobody is subscribed to", () => {
  const home = new Home({
    locals: new LocalChannels(),
    schedule: () => {},
    wakeAt: () => {},
    optionsOf: () => DEFAULT_OPTIONS,
    store: { stream: () => undefined, followers: () => [] },
    deliveries: {},
  } as unknown as HubOfHome);
  const publication = { data: "1", info: undefined, tags: undefined };
  for (let index = 0; index < COUNT; index += 1) {
    const channel = home.channel(`chat/${index}`);
    if (channel)
      home.submit(channel, { kind: "publication", publication, skipHistory: false, answer: () => {} });
    home.flush(Date.now());
  }
  expect(home.size).toBeLessThan(FEW);
});

test("HUB-08: what a home has forgotten it reads again: streams go on where they were", async () => {
  const key = `large:${crypto.randomUUID()}`;
  const hub = new TestHub({
    name: `home/${key}`,
    config: { connection: { commandRate: UNLIMITED } },
  });
  const client = await hub.connect();
  for (const round of [1, 2]) {
    for (let index = 0; index < 1_500; index += 500)
      await publishTo(
        client,
        key,
        Array.from({ length: 500 }, (_, offset) => index + offset),
      );
    const { offset, publications } = await client.ask<HistoryBody>("history", {
      channel: `${key}/0`,
      limit: 10,
    });
    expect([offset, publications.map((publication) => publication.offset)]).toEqual([
      round,
      Array.from({ length: round }, (_, index) => index + 1),
    ]);
  }
});

async function publishTo(client: Awaited<ReturnType<TestHub["connect"]>>, key: string, indexes: number[]) {
  const ids = client.send(
    ...indexes.map((index) => ({ publish: { channel: `${key}/${index}`, data: index } })),
  );
  for (const id of ids) expect((await client.reply(id)).error).toBeUndefined();
}
