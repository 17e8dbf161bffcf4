import { describe, expect, test } from "vitest";
import { sign } from "../../support/hub-config.ts";
import { captureErrors } from "../../support/log.ts";
import { ask, codeOf, newChannel } from "../../support/node/api-client.ts";
import { TestHub } from "../../support/node/test-hub.ts";

const channelMethods = ["presence", "presence_stats", "history", "history_remove"];

describe("looking at a channel", () => {
  test.each(channelMethods)(
    "API-20: %s is an error without a channel, of no namespace, or where it is off",
    async (method) => {
      expect(await codeOf(method, {})).toBe(107);
      expect(await codeOf(method, { channel: "" })).toBe(107);
      expect(await codeOf(method, { channel: 7 })).toBe(107);
      expect(await codeOf(method, { channel: "nowhere:a" })).toBe(102);
      expect(await codeOf(method, { channel: "closed:a" })).toBe(108);
    },
  );

  test("API-21: presence and its numbers are those of all hubs", async () => {
    const { channel, home } = newChannel("keep");
    const token = await sign({ sub: "ann", info: { age: 7 } });
    const ann = await new TestHub().connected({ token });
    const anns = await home.connected({ token });
    for (const { client } of [ann, anns]) await client.subscribe(channel);
    const infoOf = (client: string) => ({ user: "ann", client, conn_info: { age: 7 } });
    const [one, other] = [ann.connect.client, anns.connect.client];
    expect(await ask("presence", { channel })).toEqual({
      presence: { [one]: infoOf(one), [other]: infoOf(other) },
    });
    expect(await ask("presence_stats", { channel })).toEqual({ num_clients: 2, num_users: 1 });
  });

  test("API-21: nobody is present in a channel that nobody has used", async () => {
    const { channel, home } = newChannel("keep");
    expect(await ask("presence", { channel })).toEqual({ presence: {} });
    expect(await ask("presence_stats", { channel })).toEqual({ num_clients: 0, num_users: 0 });
    expect(await home.tables()).toEqual([]);
  });

  test("API-22: history tells publications and the position, also after sleep", async () => {
    const { channel, home } = newChannel("keep");
    for (const data of [1, 2, 3]) await ask("publish", { channel, data });
    await home.sleep();
    const { epoch, offset, publications } = await ask("history", { channel });
    expect([epoch, offset, publications]).toEqual([expect.any(String), 3, []]);
    const dataOf = async (params: object) => {
      const { publications } = await ask("history", { channel, ...params });
      return (publications as { data: number }[]).map(({ data }) => data);
    };
    expect(await dataOf({ limit: -1 })).toEqual([1, 2, 3]);
    expect(await dataOf({ limit: 2 })).toEqual([1, 2]);
    expect(await dataOf({ limit: 2, reverse: true })).toEqual([3, 2]);
    expect(await dataOf({ limit: 10, since: { offset: 2, epoch } })).toEqual([3]);
    expect(await codeOf("history", { channel, limit: 1, since: { offset: 1, epoch: "other" } })).toBe(112);
    expect(await codeOf("history", { channel, limit: 1, since: { offset: 0, epoch }, reverse: true })).toBe(
      107,
    );
    expect(await codeOf("history", { channel, limit: 1.5 })).toBe(107);
    expect(await codeOf("history", { channel, since: 7 })).toBe(107);
  });

  test.each([false, true])(
    "API-23: history_remove leaves the position of the stream (asleep in between: %s)",
    async (sleeps) => {
      const { channel, home } = newChannel("keep");
      const client = await new TestHub().connect();
      const { epoch } = await client.subscribe(channel);
      for (const data of [1, 2]) await ask("publish", { channel, data });
      expect(await ask("history_remove", { channel })).toEqual({});
      if (sleeps) await home.sleep();
      expect(await ask("history", { channel, limit: 10 })).toEqual({ publications: [], offset: 2, epoch });
      expect(await ask("publish", { channel, data: 3 })).toEqual({ offset: 3, epoch });
      expect((await ask("history", { channel, limit: 10 })).publications).toEqual([{ data: 3, offset: 3 }]);
      for (const data of [1, 2, 3]) expect((await client.publication(channel))?.data).toBe(data);
      const late = await new TestHub().connect();
      expect(await late.subscribe(channel, { recover: true, epoch, offset: 1 })).toMatchObject({
        was_recovering: true,
        offset: 3,
      });
      expect(
        await (await new TestHub().connect()).subscribe(channel, { recover: true, epoch, offset: 2 }),
      ).toMatchObject({ recovered: true });
    },
  );

  test("API-23: the position outlives sleep also where nobody is subscribed", async () => {
    const { channel, home } = newChannel("keep");
    for (const data of [1, 2]) await ask("publish", { channel, data });
    await ask("history_remove", { channel });
    await home.sleep();
    expect(await ask("publish", { channel, data: 3 })).toMatchObject({ offset: 3 });
  });

  test("API-23: there may be nothing to remove", async () => {
    const { channel } = newChannel("keep");
    expect(await ask("history_remove", { channel })).toEqual({});
    expect(await ask("publish", { channel, data: 1 })).toMatchObject({ offset: 1 });
  });

  test("API-24: a home that fails is error 100, and what it says stays in the log", async () => {
    const errors = captureErrors();
    const { channel, home } = newChannel("keep");
    await ask("publish", { channel, data: 1 });
    await home.inside(
      ({ storage }) => void storage.sql.exec("ALTER TABLE history RENAME COLUMN last TO broken"),
    );
    await home.sleep();
    expect(await codeOf("history", { channel, limit: 1 })).toBe(100);
    expect(errors().map(({ event }) => event)).toContain("hub.manage_failed");
  });

  test("API-25: without a directory, channels and info are not available", async () => {
    expect(await codeOf("channels", { pattern: "*" })).toBe(108);
    expect(await codeOf("info")).toBe(108);
    expect(await codeOf("channels", { pattern: 7 })).toBe(107);
  });
});
