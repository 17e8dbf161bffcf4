import { describe, expect, test } from "vitest";
import type { Config } from "../../../src/config/config.ts";
import { sign } from "../../support/hub-config.ts";
import { captureLines } from "../../support/log.ts";
import { scenario, TestHub } from "../../support/node/test-hub.ts";

const connecting = (hooks: NonNullable<Config["hooks"]>) => new TestHub({ config: { hooks } });

describe("limits of connecting", () => {
  test("SESS-18: one connection too many of a user closes with 3504", async () => {
    const hub = new TestHub({ config: { connection: { userConnectionLimit: 2 } } });
    const token = await sign({ sub: "ann" });
    const first = await hub.connect({ token });
    await hub.connect({ token });
    await hub.connect({ token: await sign({ sub: "bob" }) });
    await hub.sleep();
    const late = await hub.open();
    late.send({ connect: { token } });
    expect(await late.closed).toEqual({ code: 3504, reason: "connection limit" });
    await first.close(1000, "bye");
    expect((await hub.connected({ token })).connect.client).toBeDefined();
  });

  test("SESS-18: connections that come at the same time count too", async () => {
    const hub = new TestHub({ config: { connection: { userConnectionLimit: 1 } } });
    const token = await sign({ sub: "ann", channels: [`keep:${crypto.randomUUID()}`] });
    const clients = [await hub.open(), await hub.open(), await hub.open()];
    for (const client of clients) client.send({ connect: { token } });
    const ends = await Promise.all(
      clients.map((client) =>
        Promise.race([
          client.reply(1).then(
            () => 0,
            () => 3504,
          ),
          client.closed.then(({ code }) => code),
        ]),
      ),
    );
    expect(ends.sort()).toEqual([0, 3504, 3504]);
  });

  test("SESS-18: anonymous users are not counted", async () => {
    const hub = new TestHub({ config: { connection: { userConnectionLimit: 1 } } });
    await hub.connect();
    expect((await hub.connected()).connect.client).toBeDefined();
  });

  test("SESS-19: more server-side channels than a session may have close with 3505", async () => {
    const hub = new TestHub({ config: { connection: { channelLimit: 2 } } });
    const client = await hub.open();
    client.send({ connect: { token: await sign({ sub: "ann", channels: ["open:a", "open:b", "open:c"] }) } });
    expect(await client.closed).toEqual({ code: 3505, reason: "channel limit" });
  });
});

describe("server-side subscriptions", () => {
  scenario(
    "SESS-20: token channels are in the reply, with their position, and hear what is published",
    { namespace: "keep" },
    async ({ hub, channel }) => {
      const { client, connect } = await hub.connected({
        token: await sign({ sub: "ann", subs: { [channel]: { info: 7, data: { d: 1 } } } }),
      });
      expect(connect.subs).toEqual({
        [channel]: { recoverable: true, positioned: true, epoch: expect.any(String), data: { d: 1 } },
      });
      await client.publish(channel, 1);
      expect(await client.publication(channel)).toEqual({
        data: 1,
        offset: 1,
        info: { user: "ann", client: connect.client, chan_info: 7 },
      });
      expect(await client.codeOf("subscribe", { channel })).toBe(105);
    },
  );

  scenario(
    "SESS-20: they recover by the positions of the connect command",
    { namespace: "keep" },
    async ({ hub, channel }) => {
      const token = await sign({ sub: "ann", channels: [channel] });
      const first = await hub.connected({ token });
      const { epoch = "" } = first.connect.subs?.[channel] ?? {};
      const writer = await hub.connect();
      await first.client.close(1000, "bye");
      await writer.publish(channel, 1);
      await writer.publish(channel, 2);
      const again = await hub.connected({ token, subs: { [channel]: { recover: true, offset: 1, epoch } } });
      expect(again.connect.subs?.[channel]).toEqual({
        ...{ recoverable: true, positioned: true, epoch, offset: 1, recovered: true, was_recovering: true },
        publications: [{ data: 2, offset: 2, info: expect.any(Object) }],
      });
      const lost = await hub.connected({
        token,
        subs: { [channel]: { recover: true, offset: 1, epoch: "other" } },
      });
      expect(lost.connect.subs?.[channel]).toEqual({
        recoverable: true,
        positioned: true,
        epoch,
        offset: 2,
        was_recovering: true,
      });
    },
  );

  test("SESS-20: a subscription of the hook is made as one of a token", async () => {
    const channel = `closed:${crypto.randomUUID()}`;
    const hub = connecting({ connect: () => ({ user: "u", subs: { [channel]: { data: 1 } } }) });
    expect((await hub.connected()).connect.subs).toEqual({ [channel]: { data: 1 } });
  });

  test.each([
    ["", "ann", "#ann"],
    ["dialog", "ann", "dialog:#ann"],
    ["", "", undefined],
    ["", "ännchen", undefined],
    ["dialog", "a".repeat(250), undefined],
    ["dialog", "a".repeat(246), `dialog:#${"a".repeat(246)}`],
    ["dialog", "ann#bob", undefined],
    ["words", "ännchen", undefined],
  ])(
    "SESS-21: with a personal channel in namespace %j, the user %j is in %s",
    async (namespace, user, channel) => {
      const hub = new TestHub({ config: { connection: { personalChannel: { enabled: true, namespace } } } });
      const { connect } = await hub.connected({ token: await sign({ sub: user }) });
      expect(Object.keys(connect.subs ?? {})).toEqual(channel === undefined ? [] : [channel]);
    },
  );

  test("SESS-21: a user whose id allows no personal channel is a log line that does not name the user", async () => {
    const lines = captureLines();
    const hub = new TestHub({ config: { connection: { personalChannel: { enabled: true } } } });
    const { connect } = await hub.connected({ token: await sign({ sub: "ännchen" }) });
    await hub.connect();
    expect(lines()).toEqual([
      { event: "hub.no_personal_channel", client: connect.client, trace: expect.any(String) },
    ]);
  });
});
