import { describe, expect, test } from "vitest";
import { stopClock } from "../../support/clock.ts";
import { scenario, TestHub } from "../../support/node/test-hub.ts";
import { epochOf, offsets, publishMany, recover } from "../../support/recovering.ts";

describe("recovery in cache mode", () => {
  scenario(
    "CHAN-26: the newest publication is the state, whatever was missed",
    { namespace: "cache" },
    async ({ hub, channel }) => {
      const client = await hub.connect();
      await publishMany(client, channel, 3);
      const epoch = await epochOf(client, channel);
      const fresh = await client.subscribe(channel);
      expect(fresh).toEqual({ recoverable: true, positioned: true, epoch, offset: 3 });
      await client.ask("unsubscribe", { channel });
      for (const [offset, given] of [
        [1, epoch],
        [0, ""],
        [3, "other"],
      ] as const) {
        const { subscribe = {} } = await recover(client, channel, offset, given);
        expect([subscribe.recovered, offsets(subscribe), subscribe.offset ?? 0]).toEqual([true, [3], offset]);
        await client.ask("unsubscribe", { channel });
      }
      const { subscribe: same = {} } = await recover(client, channel, 3, epoch);
      expect([same.recovered, offsets(same)]).toEqual([true, []]);
    },
  );

  test("CHAN-27: without a stored publication only the same position is recovered", async () => {
    const clock = stopClock();
    const channel = `cache:${crypto.randomUUID()}`;
    const hub = new TestHub({ name: `home/${channel}` });
    const client = await hub.connect();
    await publishMany(client, channel, 2);
    const epoch = await epochOf(client, channel);
    clock.advance(61_000);
    await hub.sleep();
    expect((await recover(client, channel, 1, epoch)).subscribe).toEqual({
      recoverable: true,
      positioned: true,
      epoch,
      offset: 2,
      was_recovering: true,
    });
    await client.ask("unsubscribe", { channel });
    expect((await recover(client, channel, 2, epoch)).subscribe).toMatchObject({ recovered: true });
    await client.ask("unsubscribe", { channel });
    expect((await recover(client, channel, 1, epoch, { flag: 2 })).error?.code).toBe(112);
  });

  scenario(
    "CHAN-28: where the namespace says so, every subscribe brings the state",
    { namespace: "latest" },
    async ({ hub, channel }) => {
      const client = await hub.connect();
      await publishMany(client, channel, 2);
      const subscribed = await client.subscribe(channel);
      expect(subscribed).toMatchObject({
        recovered: true,
        was_recovering: true,
        publications: [{ data: 2, offset: 2 }],
      });
      expect(subscribed.offset).toBeUndefined();
      await client.publish(channel, 3);
      expect(await client.publication(channel)).toMatchObject({ offset: 3 });
    },
  );
});
