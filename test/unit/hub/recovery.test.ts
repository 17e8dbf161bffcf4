import { describe, expect, test } from "vitest";
import { stopClock } from "../../support/clock.ts";
import { scenario, TestHub } from "../../support/node/test-hub.ts";
import { epochOf, offsets, publishMany, recover } from "../../support/recovering.ts";

describe("recovery in stream mode", () => {
  scenario(
    "SESS-38: what was published while a client was away comes with the reply, once and in order, live ones after it",
    { namespace: "keep" },
    async ({ hub, channel }) => {
      const [reader, writer] = [await hub.connect(), await hub.connect()];
      const { epoch = "", offset } = await reader.subscribe(channel);
      expect(offset).toBeUndefined();
      await writer.publish(channel, 1);
      expect(await reader.publication(channel)).toMatchObject({ offset: 1 });
      await reader.close(1000, "bye");
      for (const data of [2, 3, 4]) await writer.publish(channel, data);
      await hub.rest();
      const back = await hub.connect();
      const { subscribe } = await recover(back, channel, 1, epoch);
      expect(subscribe).toEqual({
        ...{ recoverable: true, positioned: true, epoch, offset: 1, recovered: true, was_recovering: true },
        publications: [2, 3, 4].map((n) => ({ data: n, offset: n, info: expect.any(Object) })),
      });
      await writer.publish(channel, 5);
      expect(await back.publication(channel)).toMatchObject({ data: 5, offset: 5 });
      expect(back.unread).toEqual([]);
    },
  );

  scenario(
    "CHAN-21: a client that missed nothing is told so",
    { namespace: "keep" },
    async ({ hub, channel }) => {
      const client = await hub.connect();
      await publishMany(client, channel, 3);
      const epoch = await epochOf(client, channel);
      const { subscribe } = await recover(client, channel, 3, epoch);
      expect(subscribe).toEqual({
        recoverable: true,
        positioned: true,
        epoch,
        offset: 3,
        recovered: true,
        was_recovering: true,
      });
    },
  );

  scenario(
    "CHAN-21: of an empty stream nothing was missed",
    { namespace: "keep" },
    async ({ hub, channel }) => {
      const client = await hub.connect();
      const { subscribe } = await recover(client, channel, 0, "");
      expect(subscribe).toEqual({
        recoverable: true,
        positioned: true,
        epoch: expect.stringMatching(/^\w{8}$/),
        recovered: true,
        was_recovering: true,
      });
    },
  );

  test.each([
    ["an empty epoch is any", 2, "", [3, 4, 5], 2],
    ["from the beginning", 0, undefined, [1, 2, 3, 4, 5], undefined],
    ["another epoch", 2, "other", undefined, 5],
    ["an offset that is ahead", 6, undefined, undefined, 5],
  ])("CHAN-21 CHAN-22: %s", async (_, offset, epoch, expected, replied) => {
    const channel = `keep:${crypto.randomUUID()}`;
    const client = await new TestHub({ name: `home/${channel}`, isSleepy: true }).connect();
    await publishMany(client, channel, 5);
    const { subscribe = {} } = await recover(
      client,
      channel,
      offset,
      epoch ?? (await epochOf(client, channel)),
    );
    expect(subscribe.recovered === true).toBe(expected !== undefined);
    expect(offsets(subscribe)).toEqual(expected ?? []);
    expect(subscribe.was_recovering).toBe(true);
    expect(subscribe.offset).toBe(replied);
  });

  scenario(
    "CHAN-22: publications that were trimmed by size cannot be recovered",
    { namespace: "keep" },
    async ({ hub, channel }) => {
      const client = await hub.connect();
      await publishMany(client, channel, 12);
      const epoch = await epochOf(client, channel);
      const lost = await recover(client, channel, 1, epoch);
      expect(lost.subscribe).toEqual({
        recoverable: true,
        positioned: true,
        epoch,
        offset: 12,
        was_recovering: true,
      });
      await client.ask("unsubscribe", { channel });
      const { subscribe = {} } = await recover(client, channel, 2, epoch);
      expect(offsets(subscribe)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    },
  );

  scenario(
    "CHAN-22: publications that are too old cannot be recovered, the position stays",
    { namespace: "brief" },
    async ({ hub, channel }) => {
      const clock = stopClock();
      const client = await hub.connect();
      await publishMany(client, channel, 3);
      const epoch = await epochOf(client, channel);
      clock.advance(61_000);
      const { subscribe } = await recover(client, channel, 1, epoch);
      expect(subscribe).toEqual({
        recoverable: true,
        positioned: true,
        epoch,
        offset: 3,
        was_recovering: true,
      });
      expect(await client.ask("history", { channel, limit: -1 })).toEqual({
        publications: [],
        epoch,
        offset: 3,
      });
      await client.publish(channel, 4);
      expect(await client.publication(channel)).toMatchObject({ offset: 4 });
    },
  );

  test("CHAN-24: 300 missed publications are recovered, 301 are not", async () => {
    const channel = `large:${crypto.randomUUID()}`;
    const hub = new TestHub({ name: `home/${channel}` });
    const client = await hub.connect();
    await publishMany(client, channel, 301);
    await hub.sleep();
    const epoch = await epochOf(client, channel);
    const { subscribe: most = {} } = await recover(client, channel, 1, epoch);
    expect([most.recovered, most.publications?.length]).toEqual([true, 300]);
    await client.ask("unsubscribe", { channel });
    const { subscribe: all = {} } = await recover(client, channel, 0, epoch);
    expect([all.recovered, all.publications, all.offset]).toEqual([undefined, undefined, 301]);
  });

  scenario(
    "CHAN-23: with flag 2 an impossible recovery is error 112, and nobody is subscribed",
    { namespace: "keep" },
    async ({ hub, channel }) => {
      const client = await hub.connect();
      await publishMany(client, channel, 1);
      expect((await recover(client, channel, 0, "other", { flag: 3 })).error).toEqual({
        code: 112,
        message: "unrecoverable position",
      });
      expect(await client.ask("presence_stats", { channel })).toEqual({ num_clients: 0, num_users: 0 });
      expect((await recover(client, channel, 0, "other", { flag: 1 })).subscribe).toMatchObject({
        was_recovering: true,
      });
    },
  );

  test("DELIV-30: a stream that was forgotten begins again, under another epoch", async () => {
    const clock = stopClock();
    const channel = `brief:${crypto.randomUUID()}`;
    const hub = new TestHub({ name: `home/${channel}` });
    const first = await hub.connect();
    await publishMany(first, channel, 3);
    const epoch = await epochOf(first, channel);
    await first.close(1000, "bye");
    await hub.untilEmpty();
    await hub.pass(clock, 120 + 4_501);
    expect(await hub.tables()).toEqual([]);
    const again = await hub.connect();
    const { subscribe } = await recover(again, channel, 3, epoch);
    expect(subscribe).toMatchObject({
      recoverable: true,
      was_recovering: true,
      epoch: expect.not.stringMatching(epoch),
    });
    expect([subscribe?.recovered, subscribe?.offset]).toEqual([undefined, undefined]);
    await again.publish(channel, 1);
    expect(await again.publication(channel)).toMatchObject({ offset: 1 });
  });

  scenario(
    "CHAN-09: where nothing is recoverable, asking for it changes nothing",
    { namespace: "positioned" },
    async ({ hub, channel }) => {
      const client = await hub.connect();
      await publishMany(client, channel, 2);
      const { subscribe } = await recover(client, channel, 1, "");
      expect(subscribe).toEqual({ positioned: true, epoch: expect.any(String), offset: 2 });
    },
  );

  scenario(
    "SESS-38: what is published while subscribing comes after the reply, or in it",
    { namespace: "keep" },
    async ({ hub, channel }) => {
      const [reader, writer] = [await hub.connect(), await hub.connect()];
      const [id = 0] = reader.send({ subscribe: { channel } });
      const ids = writer.send(
        ...Array.from({ length: 5 }, (_, index) => ({ publish: { channel, data: index } })),
      );
      for (const published of ids) await writer.reply(published);
      const { subscribe } = await reader.reply(id);
      const start = subscribe?.offset ?? 0;
      for (let offset = start + 1; offset <= 5; offset += 1) {
        expect(await reader.publication(channel)).toMatchObject({ offset });
      }
      const kinds = reader.frames
        .flatMap((frame) => String(frame).split("\n"))
        .map((line) => Object.keys(JSON.parse(line)).at(-1));
      expect(kinds.indexOf("subscribe")).toBe(1);
    },
  );
});
